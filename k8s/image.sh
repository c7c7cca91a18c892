#!/bin/sh
# Collects what the image needs into target/image and builds it: ./k8s/image.sh [name:tag]
set -eu
house=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
image=${1:-tandem:dev}
context=$house/target/image

"$house/tandem" version
rm -rf "$context"
mkdir -p "$context/lib"
cp "$house/k8s/Containerfile" "$context/"
(IFS=:; for jar in $(cat "$house/ops/target/class-path"); do cp "$jar" "$context/lib/"; done)
cp "$house"/ops/target/tandem-ops-*.jar "$context/lib/"
rm -f "$context"/lib/*-tests.jar
echo "collected $(find "$context/lib" -name '*.jar' | wc -l) jars in $context"

for builder in docker podman; do
  if command -v "$builder" >/dev/null 2>&1; then
    exec "$builder" build -t "$image" -f "$context/Containerfile" "$context"
  fi
done
echo "no docker and no podman here; build target/image with what you have" >&2
exit 1
