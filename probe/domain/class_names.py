"""What the name of a file says it is for: the suffixes and the well-known names."""

import re
from dataclasses import dataclass

from probe.domain.artifact import AssetClass


@dataclass(frozen=True, slots=True)
class Classified:
    """
    A file name taken apart: what it is for, and what is left without its suffixes.

    ``implied_os`` is the one system on which such a file is of use, if there is one.
    ``portable`` tells that such files hold no machine code unless their name says so.
    """

    asset_class: AssetClass
    stem: str
    implied_os: str = ""
    portable: bool = False


# Suffixes of files that vouch for another file, whose name is what comes before.
_VOUCHERS: tuple[tuple[AssetClass, str], ...] = (
    (
        AssetClass.PROVENANCE,
        (
            ".intoto.jsonl .intoto.json .provenance.json .provenance.jsonl .provenance .prov "
            ".attestation .attestations .attestation.json .attestation.jsonl .slsa.json .att"
        ),
    ),
    (
        AssetClass.SBOM,
        (
            ".sbom.json .sbom.xml .sbom .spdx.json .spdx.xml .spdx.yaml .spdx.yml .spdx.rdf "
            ".spdx.tag .spdx .cdx.json .cdx.xml .cdx .cyclonedx.json .cyclonedx.xml .syft.json"
        ),
    ),
    (
        AssetClass.SIGNATURE,
        (
            ".sigstore.json .sigstore .cosign.bundle .bundle .minisig .asc .sig .sign .signature "
            ".gpg .pgp .p7s .p7m .dsse"
        ),
    ),
    (AssetClass.CERTIFICATE, ".pem .crt .cert .cer .pub .key"),
    (
        AssetClass.CHECKSUM,
        (
            ".sha256.txt .sha512.txt .sha256sum.txt .sha512sum.txt .sha256 .sha384 .sha512 .sha1 "
            ".md5 .sha256sum .sha384sum .sha512sum .sha1sum .md5sum .sha256sums .sha512sums .b3 "
            ".blake3 .b2 .checksum .checksums .digest .sum"
        ),
    ),
)

_PAYLOADS: tuple[tuple[AssetClass, str, str], ...] = (
    (AssetClass.SOURCE, "", ".src.rpm .orig.tar.gz .orig.tar.xz .orig.tar.bz2 .debian.tar.xz .dsc"),
    (AssetClass.PACKAGE, "linux", ".deb .udeb .rpm .snap .flatpak .ipk"),
    (AssetClass.PACKAGE, "linux", ".pkg.tar.zst .pkg.tar.xz"),
    (AssetClass.PACKAGE, "", ".apk .aab .ipa"),
    (AssetClass.INSTALLER, "windows", ".msi .msix .msixbundle .appx .appxbundle"),
    (AssetClass.INSTALLER, "darwin", ".dmg .pkg .mpkg"),
    (AssetClass.INSTALLER, "linux", ".run"),
    (AssetClass.INSTALLER, "", ".sh .ps1 .bat .cmd"),
    (AssetClass.BINARY, "windows", ".exe .dll"),
    (AssetClass.BINARY, "linux", ".appimage .so"),
    (AssetClass.BINARY, "darwin", ".dylib"),
    (AssetClass.BINARY, "", ".bin .elf .wasm"),
    (AssetClass.ARCHIVE, "darwin", ".app.zip .app.tar.gz"),
    (
        AssetClass.IMAGE,
        "",
        (
            ".iso .img .qcow2 .vmdk .vhd .vhdx .ova .ovf .vdi .wic .squashfs .raw .box "
            ".img.gz .img.xz .img.zst .raw.xz .raw.gz .qcow2.xz .oci.tar"
        ),
    ),
    (
        AssetClass.ARCHIVE,
        "",
        (
            ".tar.gz .tar.xz .tar.bz2 .tar.zst .tar.lz .tar.lzma .tar.br .tar .tgz .txz .tbz .tbz2 "
            ".tzst .zip .7z .rar .gz .xz .bz2 .zst .br"
        ),
    ),
    (
        AssetClass.METADATA,
        "",
        (
            ".json .jsonl .yml .yaml .toml .xml .txt .md .rst .html .css .csv .pdf .blockmap "
            ".zsync .changes .buildinfo .rb .plist .list .log .torrent"
        ),
    ),
)
_PORTABLE_PACKAGES = ".whl .jar .war .ear .gem .nupkg .vsix .xpi .crx .phar .pyz .crate .conda .egg"

_VOUCHER_SUFFIXES = sorted(
    ((suffix, kind) for kind, suffixes in _VOUCHERS for suffix in suffixes.split()),
    key=lambda row: -len(row[0]),
)
_PAYLOAD_SUFFIXES = sorted(
    [
        *((suffix, kind, os) for kind, os, suffixes in _PAYLOADS for suffix in suffixes.split()),
        *((suffix, AssetClass.PACKAGE, "") for suffix in _PORTABLE_PACKAGES.split()),
    ],
    key=lambda row: -len(row[0]),
)
_PORTABLE = frozenset(_PORTABLE_PACKAGES.split())

# One file of these names vouches for all files of a release.
_NAMED: tuple[tuple[AssetClass, re.Pattern[str]], ...] = (
    (
        AssetClass.CHECKSUM,
        re.compile(
            r"(?:.*[-_.])?(?:(?:sha-?(?:1|224|256|384|512)|md5|b2|b3|blake2b?|blake3|shasums?)"
            r"[-_.]?(?:sums?|hashes)?|shasums?(?:256|512)?|check_?sums?|hashes|digests)"
            r"(?:[-_.]?(?:sha-?(?:1|256|384|512)|md5))?(?:\.txt)?",
        ),
    ),
    (AssetClass.PROVENANCE, re.compile(r"(?:.*[-_.])?(?:provenance|attestations?)\.jsonl?")),
    (AssetClass.SBOM, re.compile(r"(?:.*[-_.])?(?:s?bom)(?:[-_.].*)?\.(?:json|xml|zip|tar\.gz)")),
    (AssetClass.SIGNATURE, re.compile(r"(?:.*[-_.])?signatures?\.(?:json|txt)")),
    (AssetClass.METADATA, re.compile(r"license|notice|readme|changelog|copying|version|inrelease")),
)
_SOURCE = re.compile(r"(?:^|[-_.])(?:src|source|sources|sdist|vendor|vendored)(?:$|[-_.])")
_INSTALLER = re.compile(r"(?:setup|installer|(?:^|[-_. ])(?:install|init))(?:$|[-_. ])")


def classify(name: str) -> Classified:
    """Return what the file *name* (without directories) says it is for."""
    lower = name.lower()
    for kind, pattern in _NAMED:
        if pattern.fullmatch(lower):
            return Classified(kind, name)
    for suffix, kind in _VOUCHER_SUFFIXES:
        if lower.endswith(suffix) and len(lower) > len(suffix):
            inner = classify(name[: -len(suffix)])
            return Classified(kind, inner.stem, inner.implied_os, inner.portable)
    return _payload(name, lower)


def _payload(name: str, lower: str) -> Classified:
    for suffix, kind, implied_os in _PAYLOAD_SUFFIXES:
        if lower.endswith(suffix) and len(lower) > len(suffix):
            stem = name[: -len(suffix)]
            portable = suffix in _PORTABLE or suffix == ".wasm"
            return _refined(Classified(kind, stem, implied_os, portable), suffix)
    return Classified(AssetClass.BINARY, name)


def _refined(found: Classified, suffix: str) -> Classified:
    stem = found.stem.lower()
    if found.asset_class is AssetClass.ARCHIVE and _SOURCE.search(stem):
        return Classified(AssetClass.SOURCE, found.stem, portable=True)
    if found.asset_class is AssetClass.SOURCE:
        return Classified(AssetClass.SOURCE, found.stem, portable=True)
    if suffix == ".exe" and _INSTALLER.search(stem):
        return Classified(AssetClass.INSTALLER, found.stem, found.implied_os)
    return found
