"""What is asked of a KPI, as the right side of a comparison in PromQL."""


def asked(kpi: str, unit: str = "ratio", times: int = 1) -> str:
    """Return what each product and channel is asked for by *kpi*, so many *times*."""
    # The regions record it, each for itself: where all are seen there are several.
    target = f'max by (product, channel) (delivery:slo_target:{unit}{{kpi="{kpi}"}})'
    if times != 1:
        target = f"({times} * {target})"
    return f"on (product, channel) group_left () {target}"
