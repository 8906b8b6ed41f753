"use strict";
// Two things that a page without it does not have: it changes by itself, and it can tell the time of
// this place. Everything is readable without.
(() => {
  const main = document.querySelector("main");
  const state = document.getElementById("live");

  // Whatever the server draws replaces what is shown; what is in focus or opened stays so.
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status !== 200) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const focused = document.activeElement && document.activeElement.id;
    const opened = [...main.querySelectorAll("details[open][id]")].map((each) => each.id);
    main.replaceChildren(...next.querySelector("main").childNodes);
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    tell();
  };

  const local = () => localStorage.getItem("times") === "local";
  const tell = () => {
    for (const each of document.querySelectorAll("time")) {
      const at = new Date(each.dateTime);
      const shown = each.querySelector(".at");
      if (!shown.dataset.utc) shown.dataset.utc = shown.textContent;
      shown.textContent = local() ? at.toLocaleString(undefined, { timeZoneName: "short" }) : shown.dataset.utc;
    }
    const toggle = document.getElementById("times");
    toggle.hidden = false;
    toggle.textContent = local() ? "Show UTC" : "Show local time";
  };
  document.getElementById("times").addEventListener("click", () => {
    localStorage.setItem("times", local() ? "utc" : "local");
    tell();
  });
  tell();

  const live = document.body.dataset.live;
  if (!live || !window.EventSource) return;
  const source = new EventSource(live);
  source.onopen = () => { state.textContent = "live"; };
  source.onerror = () => { state.textContent = "not live: the service does not answer"; };
  source.addEventListener("changed", () => { if (!document.hidden) refresh().catch(() => {}); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh().catch(() => {}); });
})();
