"""X2.1-X2.4: private artifacts behind authenticated downloads."""

from probe.kpi.model import Category, Direction, Kpi, Unit

KPIS = (
    Kpi(
        code="X2.1",
        name="identity_authorization_success",
        category=Category.AVAILABILITY,
        question="Do people and machines alike get in with their credentials?",
        method="A3 by class of identity: users and service accounts",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.999,
        awaits="classes of identity are",
    ),
    Kpi(
        code="X2.2",
        name="token_expiry_failure",
        category=Category.AVAILABILITY,
        question="How often does a link or a token expire in somebody's hands?",
        method="attempts that fail with auth_expired / attempts with credentials that expire",
        unit=Unit.RATIO,
        direction=Direction.LOWER,
        target=0.001,
        awaits="the expiry of credentials is",
    ),
    Kpi(
        code="X2.3",
        name="audit_completeness",
        category=Category.INTEGRITY,
        question="Does the log say who downloaded what, and when?",
        method="synthetic downloads whose log record names principal, version and time / "
        "synthetic downloads older than the log's deadline",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.99,
        awaits="access logs are",
    ),
    Kpi(
        code="X2.4",
        name="identity_provider_availability",
        category=Category.AVAILABILITY,
        question="How often does the way over each identity provider work?",
        method="A1 and A3 by identity provider",
        unit=Unit.RATIO,
        direction=Direction.HIGHER,
        target=0.999,
        awaits="identity providers are",
    ),
)
