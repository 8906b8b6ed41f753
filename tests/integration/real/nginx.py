"""A real nginx: a mirror that serves a folder, and one that caches another mirror."""

from pathlib import Path

from tests.daemon import Daemon, free_port, listens

# One process without master or workers: its files may belong to whoever runs the tests.
_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  types {{ text/html html; }}
  default_type application/octet-stream;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {before}
  server {{
    listen 127.0.0.1:{port};
    {rules}
  }}
}}
"""


class Nginx(Daemon):
    """Serves what *rules*, the inside of a ``server`` block, say."""

    def __init__(self, folder: Path, rules: str, before: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(folder=folder, port=port, rules=rules, before=before)
        )
        command = ["nginx", "-e", "stderr", "-p", folder, "-c", configuration]
        super().__init__(command, folder / "log", lambda: listens(port))


def mirror(folder: Path, files: Path, rules: str = "") -> Nginx:
    """Return a mirror that serves the folder *files*."""
    return Nginx(folder, f"root {files};\n    {rules}")


def caching_mirror(folder: Path, upstream: str) -> Nginx:
    """Return a mirror that keeps for a day whatever *upstream* once answered."""
    cache = f"proxy_cache_path {folder}/cache keys_zone=kept:1m inactive=1d use_temp_path=off;"
    rules = f"""location / {{
      proxy_pass {upstream};
      proxy_cache kept;
      proxy_cache_valid 200 1d;
      add_header X-Cache-Status $upstream_cache_status;
    }}"""
    return Nginx(folder, rules, cache)
