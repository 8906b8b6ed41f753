"""Who may import whom; the contracts themselves stand in pyproject.toml."""

from importlinter.cli import lint_imports

from tests.contracts.source import ROOT


def test_every_import_contract_is_kept(capsys):
    exit_status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert exit_status == 0, capsys.readouterr().out
