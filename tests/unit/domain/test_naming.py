"""Names of real releases, and what they tell."""

import pytest

from probe.domain.artifact import ANY_PLATFORM, Platform
from probe.domain.naming import Description, describe
from probe.domain.platform_names import parse_platform, platform_of

# name | platform | class | version; a dash is what the name does not tell.
NAMES = """
widget_1.4.2_linux_amd64.tar.gz | linux/amd64 | archive | 1.4.2
widget_1.4.2_Linux_x86_64.tar.gz | linux/amd64 | archive | 1.4.2
widget_1.4.2_Darwin_arm64.tar.gz | darwin/arm64 | archive | 1.4.2
widget_1.4.2_darwin_all.tar.gz | darwin/universal | archive | 1.4.2
widget_1.4.2_windows_amd64.zip | windows/amd64 | archive | 1.4.2
widget_1.4.2_linux_armv7.tar.gz | linux/armv7 | archive | 1.4.2
widget_1.4.2_linux_armv6.tar.gz | linux/armv6 | archive | 1.4.2
widget_1.4.2_linux_mips64le_hardfloat.tar.gz | linux/mips64le | archive | 1.4.2
widget_1.4.2_linux_amd64v3.tar.gz | linux/amd64 | archive | 1.4.2
widget_1.4.2_freebsd_386.tar.gz | freebsd/386 | archive | 1.4.2
widget_1.4.2_checksums.txt | - | checksum | 1.4.2
checksums.txt | - | checksum | -
checksums.txt.sigstore.json | - | signature | -
checksums.txt.pem | - | certificate | -
checksums.txt.sig | - | signature | -
SHA256SUMS | - | checksum | -
SHA256SUMS.asc | - | signature | -
SHA256SUMS.gpg | - | signature | -
SHASUMS256.txt | - | checksum | -
SHASUMS256.txt.sig | - | signature | -
SHASUMS256.txt.asc | - | signature | -
terraform_1.5.7_SHA256SUMS | - | checksum | 1.5.7
terraform_1.5.7_SHA256SUMS.72D7468F.sig | - | signature | 1.5.7
terraform_1.5.7_linux_arm64.zip | linux/arm64 | archive | 1.5.7
ripgrep-14.1.0-x86_64-unknown-linux-musl.tar.gz | linux/amd64 | archive | 14.1.0
ripgrep-14.1.0-x86_64-unknown-linux-musl.tar.gz.sha256 | linux/amd64 | checksum | 14.1.0
ripgrep-14.1.0-aarch64-apple-darwin.tar.gz | darwin/arm64 | archive | 14.1.0
ripgrep-14.1.0-x86_64-pc-windows-msvc.zip | windows/amd64 | archive | 14.1.0
ripgrep-14.1.0-i686-pc-windows-msvc.zip | windows/386 | archive | 14.1.0
ripgrep-14.1.0-armv7-unknown-linux-gnueabihf.tar.gz | linux/armv7 | archive | 14.1.0
ripgrep_14.1.0-1_amd64.deb | linux/amd64 | package | 14.1.0
uv-x86_64-unknown-linux-gnu.tar.gz | linux/amd64 | archive | -
uv-aarch64-pc-windows-msvc.zip | windows/arm64 | archive | -
uv-powerpc64le-unknown-linux-gnu.tar.gz | linux/ppc64le | archive | -
uv-s390x-unknown-linux-gnu.tar.gz | linux/s390x | archive | -
uv-riscv64gc-unknown-linux-gnu.tar.gz | linux/riscv64 | archive | -
uv-installer.sh | - | installer | -
uv-installer.ps1 | - | installer | -
source.tar.gz | any | source | -
source.tar.gz.sha256 | - | checksum | -
sha256.sum | - | checksum | -
dist-manifest.json | - | metadata | -
wasm-pack-v0.12.1-x86_64-unknown-linux-musl.tar.gz | linux/amd64 | archive | 0.12.1
rustup-init.exe | - | installer | -
rustup-init.sh | - | installer | -
node-v20.11.0-linux-x64.tar.xz | linux/amd64 | archive | 20.11.0
node-v20.11.0-darwin-arm64.tar.gz | darwin/arm64 | archive | 20.11.0
node-v20.11.0-win-x64.zip | windows/amd64 | archive | 20.11.0
node-v20.11.0-win-x86.7z | windows/386 | archive | 20.11.0
node-v20.11.0-x64.msi | windows/amd64 | installer | 20.11.0
node-v20.11.0-arm64.msi | windows/arm64 | installer | 20.11.0
node-v20.11.0.pkg | - | installer | 20.11.0
node-v20.11.0.tar.gz | any | source | 20.11.0
node-v20.11.0-headers.tar.gz | - | archive | 20.11.0
node-v20.11.0-linux-armv7l.tar.gz | linux/armv7 | archive | 20.11.0
node-v20.11.0-linux-ppc64le.tar.gz | linux/ppc64le | archive | 20.11.0
node-v20.11.0-aix-ppc64.tar.gz | aix/ppc64 | archive | 20.11.0
a-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl | linux/amd64 | package | 1.26.4
numpy-1.26.4-cp311-cp311-musllinux_1_1_aarch64.whl | linux/arm64 | package | 1.26.4
numpy-1.26.4-cp311-cp311-win_amd64.whl | windows/amd64 | package | 1.26.4
numpy-1.26.4-cp311-cp311-win32.whl | windows/386 | package | 1.26.4
numpy-1.26.4-cp312-cp312-macosx_10_9_x86_64.whl | darwin/amd64 | package | 1.26.4
numpy-1.26.4-cp312-cp312-macosx_11_0_arm64.whl | darwin/arm64 | package | 1.26.4
cryptography-42.0.5-cp39-abi3-macosx_10_12_universal2.whl | darwin/universal | package | 42.0.5
pywin32-306-cp311-cp311-win_amd64.whl | windows/amd64 | package | 306
requests-2.31.0-py3-none-any.whl | any | package | 2.31.0
requests-2.31.0.tar.gz | any | source | 2.31.0
six-1.16.0-py2.py3-none-any.whl | any | package | 1.16.0
pydantic_core-2.16.2-cp311-cp311-linux_armv7l.whl | linux/armv7 | package | 2.16.2
pyodide_lib-0.1.0-cp311-cp311-emscripten_3_1_46_wasm32.whl | js/wasm | package | 0.1.0
requests-2.31.0-py3-none-any.whl.publish.attestation | any | provenance | 2.31.0
sampleproject-4.0.0-py3-none-any.whl.asc | any | signature | 4.0.0
My App-1.2.3.dmg | - | installer | 1.2.3
MyApp-1.2.3-arm64.dmg | darwin/arm64 | installer | 1.2.3
MyApp-1.2.3-universal.dmg | darwin/universal | installer | 1.2.3
MyApp-1.2.3-mac.zip | - | archive | 1.2.3
MyApp-1.2.3-arm64-mac.zip | darwin/arm64 | archive | 1.2.3
MyApp-1.2.3-universal-mac.zip | darwin/universal | archive | 1.2.3
MyApp Setup 1.2.3.exe | - | installer | 1.2.3
MyApp-Setup-1.2.3.exe | - | installer | 1.2.3
MyApp-1.2.3.AppImage | - | binary | 1.2.3
MyApp-1.2.3-x86_64.AppImage | linux/amd64 | binary | 1.2.3
MyApp-1.2.3-arm64.AppImage | linux/arm64 | binary | 1.2.3
MyApp-1.2.3-win32-x64.exe | windows/amd64 | binary | 1.2.3
MyApp-1.2.3.exe.blockmap | - | metadata | 1.2.3
latest.yml | - | metadata | -
latest-mac.yml | - | metadata | -
latest-linux-arm64.yml | linux/arm64 | metadata | -
myapp_1.2.3_amd64.snap | linux/amd64 | package | 1.2.3
curl_7.88.1-10+deb12u5_amd64.deb | linux/amd64 | package | 7.88.1
bash-completion_2.11-6_all.deb | any | package | 2.11
libc6_2.36-9+deb12u4_arm64.deb | linux/arm64 | package | 2.36
firmware_1.0_armhf.deb | linux/armv7 | package | 1.0
linux-image-6.1.0-18-amd64_6.1.76-1_amd64.deb | linux/amd64 | package | 6.1.0
hello_2.10.orig.tar.gz | any | source | 2.10
hello_2.10-3.dsc | any | source | 2.10
hello_2.10-3.debian.tar.xz | any | source | 2.10
nginx-1.24.0-1.el9.ngx.x86_64.rpm | linux/amd64 | package | 1.24.0
python3-pip-21.2.3-7.el9.noarch.rpm | any | package | 21.2.3
kernel-6.6.8-200.fc39.aarch64.rpm | linux/arm64 | package | 6.6.8
bash-5.2.15-1.src.rpm | any | source | 5.2.15
widget_1.4.2_x86_64.apk | - | package | 1.4.2
app-arm64-v8a-release.apk | android/arm64 | package | -
app-armeabi-v7a-release.apk | android/armv7 | package | -
zstd-1.5.5-1-x86_64.pkg.tar.zst | linux/amd64 | package | 1.5.5
nginx-15.4.4.tgz | any | package | 15.4.4
nginx-15.4.4.tgz.prov | - | provenance | 15.4.4
helm-v3.14.0-linux-amd64.tar.gz | linux/amd64 | archive | 3.14.0
helm-v3.14.0-linux-amd64.tar.gz.sha256sum | linux/amd64 | checksum | 3.14.0
helm-v3.14.0-linux-amd64.tar.gz.asc | linux/amd64 | signature | 3.14.0
helm-v3.14.0-windows-amd64.zip | windows/amd64 | archive | 3.14.0
OpenJDK17U-jdk_x64_linux_hotspot_17.0.10_7.tar.gz | linux/amd64 | archive | 17.0.10
OpenJDK17U-jdk_aarch64_mac_hotspot_17.0.10_7.pkg | darwin/arm64 | installer | 17.0.10
OpenJDK17U-jre_x86-32_windows_hotspot_17.0.10_7.msi | windows/386 | installer | 17.0.10
OpenJDK21U-jdk_x64_alpine-linux_hotspot_21.0.2_13.tar.gz | linux/amd64 | archive | 21.0.2
OpenJDK17U-jdk-sources_17.0.10_7.tar.gz | any | source | 17.0.10
OpenJDK21U-sbom_x64_linux_hotspot_21.0.2_13.json | linux/amd64 | sbom | 21.0.2
jdk-21_macos-aarch64_bin.tar.gz | darwin/arm64 | archive | -
jdk-21_windows-x64_bin.exe | windows/amd64 | binary | -
go1.21.5.linux-amd64.tar.gz | linux/amd64 | archive | 1.21.5
go1.21.5.darwin-arm64.pkg | darwin/arm64 | installer | 1.21.5
go1.21.5.windows-386.msi | windows/386 | installer | 1.21.5
go1.21.5.src.tar.gz | any | source | 1.21.5
protoc-25.2-linux-x86_64.zip | linux/amd64 | archive | 25.2
protoc-25.2-linux-aarch_64.zip | linux/arm64 | archive | 25.2
protoc-25.2-linux-ppcle_64.zip | linux/ppc64le | archive | 25.2
protoc-25.2-linux-s390_64.zip | linux/s390x | archive | 25.2
protoc-25.2-linux-x86_32.zip | linux/386 | archive | 25.2
protoc-25.2-osx-universal_binary.zip | darwin/universal | archive | 25.2
protoc-25.2-win64.zip | windows/amd64 | archive | 25.2
protoc-25.2-win32.zip | windows/386 | archive | 25.2
jq-linux64 | linux/amd64 | binary | -
jq-linux-amd64 | linux/amd64 | binary | -
jq-macos-arm64 | darwin/arm64 | binary | -
jq-osx-amd64 | darwin/amd64 | binary | -
jq-win64.exe | windows/amd64 | binary | -
jq-1.7.1.tar.gz | any | source | 1.7.1
sha256sum.txt | - | checksum | -
nvim-linux64.tar.gz | linux/amd64 | archive | -
nvim-macos-arm64.tar.gz | darwin/arm64 | archive | -
nvim-linux-x86_64.appimage | linux/amd64 | binary | -
nvim-win64.msi | windows/amd64 | installer | -
nvim.appimage.zsync | - | metadata | -
hugo_0.122.0_Linux-64bit.tar.gz | linux/amd64 | archive | 0.122.0
hugo_extended_0.122.0_darwin-universal.tar.gz | darwin/universal | archive | 0.122.0
hugo_0.100.0_macOS-ARM64.tar.gz | darwin/arm64 | archive | 0.100.0
yq_linux_amd64 | linux/amd64 | binary | -
yq_windows_arm.exe | windows/arm | binary | -
yq_darwin_arm64.tar.gz | darwin/arm64 | archive | -
docker-compose-linux-x86_64 | linux/amd64 | binary | -
docker-compose-darwin-aarch64 | darwin/arm64 | binary | -
docker-compose-linux-armv7 | linux/armv7 | binary | -
kubectl | - | binary | -
kubectl.exe | - | binary | -
kubectl-convert | - | binary | -
k3s-armhf | - | binary | -
k3s-arm64 | - | binary | -
k3s-airgap-images-amd64.tar.zst | - | archive | -
minikube-linux-amd64.sha256 | linux/amd64 | checksum | -
ninja-linux.zip | - | archive | -
ninja-linux-aarch64.zip | linux/arm64 | archive | -
ninja-mac.zip | - | archive | -
ninja-win.zip | - | archive | -
deno-x86_64-apple-darwin.zip | darwin/amd64 | archive | -
bun-linux-x64-baseline.zip | linux/amd64 | archive | -
bun-darwin-aarch64.zip | darwin/arm64 | archive | -
prometheus-2.49.1.linux-amd64.tar.gz | linux/amd64 | archive | 2.49.1
prometheus-2.49.1.openbsd-arm64.tar.gz | openbsd/arm64 | archive | 2.49.1
prometheus-2.49.1.netbsd-386.tar.gz | netbsd/386 | archive | 2.49.1
prometheus-2.49.1.dragonfly-amd64.tar.gz | dragonfly/amd64 | archive | 2.49.1
prometheus-2.49.1.illumos-amd64.tar.gz | illumos/amd64 | archive | 2.49.1
windows_exporter-0.25.1-amd64.msi | windows/amd64 | installer | 0.25.1
windows_exporter-0.25.1-arm64.exe | windows/arm64 | binary | 0.25.1
grafana-10.3.1.linux-amd64.tar.gz | linux/amd64 | archive | 10.3.1
grafana-enterprise_10.3.1_armhf.deb | linux/armv7 | package | 10.3.1
VSCode-darwin-universal.zip | darwin/universal | archive | -
VSCode-win32-x64-1.86.0.zip | windows/amd64 | archive | 1.86.0
VSCodeUserSetup-x64-1.86.0.exe | windows/amd64 | installer | 1.86.0
code_1.86.0-1706698389_amd64.deb | linux/amd64 | package | 1.86.0
rust-analyzer-linux-x64.vsix | linux/amd64 | package | -
rust-analyzer-x86_64-unknown-linux-gnu.gz | linux/amd64 | archive | -
rust-analyzer-alpine-x64.vsix | linux/amd64 | package | -
serde-1.0.196.crate | any | package | 1.0.196
gson-2.10.1.jar | any | package | 2.10.1
netty-transport-native-epoll-4.1.106.Final-linux-x86_64.jar | linux/amd64 | package | 4.1.106
netty-all-4.1.106.Final.jar | any | package | 4.1.106
nokogiri-1.16.0-x86_64-linux.gem | linux/amd64 | package | 1.16.0
rails-7.1.3.gem | any | package | 7.1.3
gradle-8.5-bin.zip | - | archive | 8.5
apache-maven-3.9.6-bin.tar.gz | - | archive | 3.9.6
apache-maven-3.9.6-src.tar.gz | any | source | 3.9.6
openssl-1.1.1w.tar.gz | any | source | 1.1.1w
openssl-3.2.0.tar.gz.asc | - | signature | 3.2.0
linux-6.7.tar.xz | any | source | 6.7
linux-6.7.tar.sign | - | signature | 6.7
xz-5.4.6.tar.xz.sig | - | signature | 5.4.6
openssh-9.3p1.tar.gz | any | source | 9.3p1
python-3.12.1-macos11.pkg | - | installer | 3.12.1
python-3.12.1-amd64.exe | windows/amd64 | binary | 3.12.1
Python-3.12.1.tar.xz.crt | - | certificate | 3.12.1
Python-3.12.1.tar.xz.sigstore | - | signature | 3.12.1
debian-12.4.0-amd64-netinst.iso | linux/amd64 | image | 12.4.0
ubuntu-22.04.3-live-server-amd64.iso | linux/amd64 | image | 22.04.3
ubuntu-22.04.3-live-server-amd64.iso.torrent | linux/amd64 | metadata | 22.04.3
alpine-minirootfs-3.19.1-armv7.tar.gz | linux/armv7 | archive | 3.19.1
alpine-standard-3.19.1-x86_64.iso | linux/amd64 | image | 3.19.1
openwrt-23.05.2-x86-64-generic-ext4-combined.img.gz | - | image | 23.05.2
FreeBSD-14.0-RELEASE-amd64-disc1.iso | freebsd/amd64 | image | 14.0
cosign-linux-amd64 | linux/amd64 | binary | -
cosign-linux-amd64-keyless.sig | linux/amd64 | signature | -
cosign-linux-amd64-keyless.pem | linux/amd64 | certificate | -
cosign-linux-amd64_2.2.2_linux_amd64.sbom | linux/amd64 | sbom | 2.2.2
cosign-release.pub | - | certificate | -
multiple.intoto.jsonl | - | provenance | -
slsa-verifier-linux-amd64.intoto.jsonl | linux/amd64 | provenance | -
syft_0.103.1_linux_amd64.tar.gz.sbom.json | linux/amd64 | sbom | 0.103.1
widget.spdx.json | - | sbom | -
widget-1.2.3.cdx.json | - | sbom | 1.2.3
bom.json | - | sbom | -
sbom.spdx.json | - | sbom | -
provenance.json | - | provenance | -
trivy_0.49.0_Linux-64bit.deb | linux/amd64 | package | 0.49.0
trivy_0.49.0_macOS-ARM64.tar.gz | darwin/arm64 | archive | 0.49.0
trivy_0.49.0_Linux-PPC64LE.rpm | linux/ppc64le | package | 0.49.0
gh_2.43.1_macOS_amd64.zip | darwin/amd64 | archive | 2.43.1
gh_2.43.1_linux_armv6.rpm | linux/armv6 | package | 2.43.1
argocd-linux-s390x | linux/s390x | binary | -
istio-1.20.2-osx-arm64.tar.gz | darwin/arm64 | archive | 1.20.2
istio-1.20.2-win.zip | - | archive | 1.20.2
caddy_2.7.6_buildable-artifact.tar.gz | - | archive | 2.7.6
caddy_2.7.6_linux_armv5.tar.gz | linux/armv5 | archive | 2.7.6
caddy_2.7.6_mac_arm64.sbom | darwin/arm64 | sbom | 2.7.6
ffmpeg-n6.1-latest-win64-gpl-6.1.zip | windows/amd64 | archive | 6.1
llama-b2000-bin-win-avx2-x64.zip | windows/amd64 | archive | -
llama-b2000-bin-macos-arm64.zip | darwin/arm64 | archive | -
cmake-3.28.1-linux-x86_64.sh | linux/amd64 | installer | 3.28.1
cmake-3.28.1-macos-universal.dmg | darwin/universal | installer | 3.28.1
cmake-3.28.1-windows-i386.msi | windows/386 | installer | 3.28.1
cmake-3.28.1-SHA-256.txt | - | checksum | 3.28.1
cmake-3.28.1-SHA-256.txt.asc | - | signature | 3.28.1
zig-linux-x86_64-0.11.0.tar.xz | linux/amd64 | archive | 0.11.0
zig-macos-aarch64-0.11.0.tar.xz | darwin/arm64 | archive | 0.11.0
julia-1.10.0-mac64.dmg | darwin/amd64 | installer | 1.10.0
julia-1.10.0-win32.exe | windows/386 | binary | 1.10.0
julia-1.10.0-linux-i686.tar.gz | linux/386 | archive | 1.10.0
electron-v28.2.0-darwin-x64.zip | darwin/amd64 | archive | 28.2.0
electron-v28.2.0-win32-ia32.zip | windows/386 | archive | 28.2.0
electron-v28.2.0-linux-armv7l.zip | linux/armv7 | archive | 28.2.0
chromedriver_mac_arm64.zip | darwin/arm64 | archive | -
chromedriver_win32.zip | windows/386 | archive | -
geckodriver-v0.34.0-macos-aarch64.tar.gz | darwin/arm64 | archive | 0.34.0
geckodriver-v0.34.0-linux32.tar.gz | linux/386 | archive | 0.34.0
geckodriver-v0.34.0-win-aarch64.zip | windows/arm64 | archive | 0.34.0
sharp-v0.33.2-linuxmusl-x64.tar.gz | linux/amd64 | archive | 0.33.2
esptool-v4.7.0-linux-arm32.zip | linux/arm | archive | 4.7.0
putty-64bit-0.80-installer.msi | windows/amd64 | installer | 0.80
Miniconda3-latest-Linux-x86_64.sh | linux/amd64 | installer | -
Miniconda3-py311_23.11.0-2-MacOSX-arm64.pkg | darwin/arm64 | installer | 23.11.0
numpy-1.26.4-py311h64a7726_0.conda | any | package | 1.26.4
yt-dlp_macos | - | binary | -
yt-dlp_linux_aarch64 | linux/arm64 | binary | -
yt-dlp.exe | - | binary | -
wasmtime-v17.0.0-x86_64-android.tar.xz | android/amd64 | archive | 17.0.0
wasmtime-v17.0.0-aarch64-macos.tar.xz | darwin/arm64 | archive | 17.0.0
widget-1.0.0-wasm32-wasi.tar.gz | wasip1/wasm | archive | 1.0.0
widget.wasm | any | binary | -
widget-1.4.2-rc.1-linux-amd64.tar.gz | linux/amd64 | archive | 1.4.2-rc.1
widget-2.0.0-beta.3-darwin-arm64.zip | darwin/arm64 | archive | 2.0.0-beta.3
pkg-linuxstatic-x64 | linux/amd64 | binary | -
pulumi-v3.105.0-linux-x64.tar.gz | linux/amd64 | archive | 3.105.0
bazel-7.0.2-installer-darwin-x86_64.sh | darwin/amd64 | installer | 7.0.2
bazel_nojdk-7.0.2-linux-arm64 | linux/arm64 | binary | 7.0.2
tools-macos-apple-silicon.zip | darwin/arm64 | archive | -
tools-w64.zip | windows/amd64 | archive | -
tools-w1.zip | - | archive | -
tools-linuxarm64.zip | linux/arm64 | archive | -
tools-mac-intel.zip | darwin/amd64 | archive | -
LICENSE | - | metadata | -
README.md | - | metadata | -
install.sh | - | installer | -
"""

ROWS = [tuple(cell.strip() for cell in row.split("|")) for row in NAMES.strip().splitlines()]


@pytest.mark.parametrize(("name", "platform", "kind", "version"), ROWS, ids=[r[0] for r in ROWS])
def test_a_name_tells_platform_class_and_version(name, platform, kind, version):
    told = describe(name)

    assert (str(told.platform or "-"), told.asset_class.value, told.version or "-") == (
        platform,
        kind,
        version,
    )


def test_directories_are_not_part_of_the_name():
    assert describe("windows/386/widget_1.4.2_linux_amd64.tar.gz") == describe(
        "widget_1.4.2_linux_amd64.tar.gz"
    )


def test_darwin_is_not_windows():
    assert describe("widget-darwin-amd64").platform == Platform("darwin", "amd64")


def test_a_word_inside_another_names_no_platform():
    assert describe("armchair-winner-linuxoid-x640.zip").platform is None


def test_the_last_platform_counts_because_products_are_named_first():
    assert describe("windows-agent_1.0_linux_arm64.zip").platform == Platform("linux", "arm64")


def test_half_a_platform_is_none():
    assert describe("widget-linux.zip").platform is None
    assert describe("widget-arm64.zip").platform is None


def test_both_macos_architectures_make_a_universal_binary():
    assert describe("widget-macos-x64-arm64.zip").platform == Platform("darwin", "universal")


def test_universal_elsewhere_is_any_architecture():
    assert describe("widget-windows-universal.zip").platform == Platform("windows", "any")


def test_numbers_in_a_version_are_no_architecture():
    assert describe("widget-linux-1.386.64.zip") == Description(
        None, describe("widget.zip").asset_class, "1.386.64"
    )


def test_the_version_of_the_system_is_not_that_of_the_file():
    assert describe("widget-ubuntu-22.04-amd64-1.4.2.tar.gz").version == "1.4.2"


@pytest.mark.parametrize(
    ("os", "arch", "platform"),
    [
        ("Linux", "x86_64", Platform("linux", "amd64")),
        ("linux", "x86-64", Platform("linux", "amd64")),
        ("macOS", "aarch64", Platform("darwin", "arm64")),
        ("darwin", "all", Platform("darwin", "universal")),
        ("any", "noarch", ANY_PLATFORM),
        ("windows", "all", Platform("windows", "any")),
        ("linux", "arm/v7", Platform("linux", "arm/v7")),
        ("linux", "armhf", Platform("linux", "armv7")),
        ("plan9", "amd64", Platform("plan9", "amd64")),
        ("haiku", "sh4", Platform("haiku", "sh4")),
    ],
)
def test_spelled_out_platforms_take_the_normal_form(os, arch, platform):
    assert platform_of(os, arch) == platform


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/x86_64", Platform("linux", "amd64")),
        ("any", ANY_PLATFORM),
        ("noarch", ANY_PLATFORM),
        ("linux", None),
        ("/amd64", None),
        ("linux/", None),
        ("", None),
    ],
)
def test_a_platform_in_one_word_or_two(text, platform):
    assert parse_platform(text) == platform
