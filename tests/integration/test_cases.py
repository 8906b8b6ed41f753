"""CASES.md names a test for every case, and no case is missing."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests/integration/CASES.md"

# How many cases each group has, as its source counts them: blackbox_exporter's http_test.go and
# its neighbours, then the groups of a download probe's own.
COUNTS = {
    "TestHTTPStatusCodes": 10,
    "TestValidHTTPVersion": 6,
    "TestValidHTTPVersionsQUIC": 6,
    "TestHTTP3ProbeQUIC": 1,
    "TestHTTP3ProbeQUICMixedCaseHTTPScheme": 1,
    "TestContentLength": 7,
    "TestHandlingOfCompressionSetting": 9,
    "TestMaxResponseLength": 4,
    "TestRedirectFollowed": 1,
    "TestRedirectNotFollowed": 1,
    "TestRedirectionLimit": 1,
    "TestRedirectToTLSHostWorks": 1,
    "TestCookieJar": 1,
    "TestPost": 1,
    "TestBody": 2,
    "TestHTTPHeaders": 3,
    "TestBasicAuth": 1,
    "TestBearerToken": 1,
    "TestFailIfNotSSL": 1,
    "TestFailIfNotSSLLogMsg": 3,
    "TestFailIfSelfSignedCA": 1,
    "TestSucceedIfSelfSignedCA": 1,
    "TestTLSConfigIsIgnoredForPlainHTTP": 1,
    "TestHTTPUsesTargetAsTLSServerName": 1,
    "TestFailIfBodyMatchesRegexp": 4,
    "TestFailIfBodyNotMatchesRegexp": 4,
    "TestFailIfHeaderMatchesRegexp": 9,
    "TestFailIfHeaderNotMatchesRegexp": 8,
    "TestFailIfBodyMatchesCEL": 12,
    "TestFailIfBodyNotMatchesCEL": 12,
    "TestHTTPPhases": 5,
    "TestSkipResolvePhase": 6,
    "TestHTTPParsingScheme": 6,
    "TestPrometheusTimeoutHTTP": 1,
    "TestPrometheusConfigSecretsHidden": 1,
    "TestDebugOutputSecretsHidden": 1,
    "TestDebugOutputScrapeLoggerLevels": 1,
    "TestTimeoutIsSetCorrectly": 12,
    "TestHostnameParam": 1,
    "TestTCPHostnameParam": 1,
    "TestURLDecoding": 4,
    "TestHistoryKeepsLatestResults": 1,
    "TestHistoryPreservesExpiredFailedResults": 1,
    "TestHistoryGetByID": 1,
    "TestHistoryGetByTarget": 1,
    "TestHistoryGetByTargetAndModule": 1,
    "TestChooseProtocol": 2,
    "TestGetSerialNumber": 1,
    "TestLoadConfig": 1,
    "TestLoadBadConfigs": 1,
    "TestHideConfigSecrets": 1,
    "TestIsEncodingAcceptable": 1,
    "TestNewCELProgram": 1,
    "TestGenerateChecksum": 1,
    "1 cut short": 4,
    "2 too long or of no length": 6,
    "3 slow": 2,
    "4 timeouts by phase": 6,
    "5 something else with status 200": 5,
    "6 wrong bytes of the right size": 6,
    "7 transparent compression": 4,
    "8 ranges": 7,
    "9 redirects": 14,
    "10 statuses": 9,
    "11 certificates": 5,
    "12 names": 9,
    "13 connections": 4,
    "14 around us": 6,
    "15 secrets": 5,
    "16 resources": 3,
    "17 phases": 1,
}


def rows() -> list[tuple[str, str, str]]:
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return [row for row in cells if row[0] != "Group"]


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    }


def test_no_case_is_missing():
    assert Counter(group for group, _, _ in rows()) == COUNTS


def test_no_case_is_listed_twice():
    cases = Counter((group, case) for group, case, _ in rows())
    assert [case for case, times in cases.items() if times > 1] == []


def test_every_case_has_a_test_that_exists_or_a_reason():
    astray = []
    for group, case, answer in rows():
        if answer.startswith("not here: "):
            continue
        path, _, name = answer.strip("`").partition("::")
        if not (ROOT / path).is_file() or name not in names_in(path):
            astray.append((group, case, answer))
    assert astray == []
