#!/bin/sh
# Installs the servers that `npm run test:servers` starts as private children (Debian 12, as root).
# Safe to run again. No system service is left running or enabled that was not before.
set -eu

packages='rabbitmq-server influxdb influxdb-client victoria-metrics postgresql chromium openjdk-17-jre-headless maven unzip collectd-core librabbitmq4 libyajl2 rsyslog rsyslog-gnutls rsyslog-elasticsearch python3-graypy python3-pika prometheus redis-server'
services='rabbitmq-server epmd influxdb victoria-metrics postgresql collectd rsyslog prometheus redis-server'
policy=/usr/sbin/policy-rc.d

step() { printf 'servers: %s\n' "$*"; }
fail() { printf 'servers: FAILED: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail 'must run as root, to install Debian packages'
command -v apt-get >/dev/null || fail 'needs apt-get (Debian or Ubuntu)'

is_installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

enabled_services() {
  command -v systemctl >/dev/null || return 0
  for service in $services; do
    # Units that no package has brought yet answer an error, and are not enabled.
    if systemctl is-enabled --quiet "$service" 2>/dev/null; then printf '%s\n' "$service"; fi
  done
}

# Maintainer scripts ask policy-rc.d whether they may start a service; 101 forbids it.
forbid_starts() {
  if [ -e "$policy" ]; then
    saved=$(mktemp "$policy.XXXXXX")
    mv "$policy" "$saved"
  else
    saved=''
  fi
  trap restore_policy EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

restore_policy() {
  rm -f "$policy"
  if [ -n "$saved" ]; then mv "$saved" "$policy"; fi
}

disable_new() {
  for service in $(enabled_services); do
    printf '%s\n' "$1" | grep -qx "$service" && continue
    step "disabling the system service $service"
    systemctl disable --quiet "$service" || fail "cannot disable $service"
  done
}

missing=''
for package in $packages; do
  is_installed "$package" || missing="$missing $package"
done

if [ -z "$missing" ]; then
  step 'every Debian package is installed'
else
  enabled_before=$(enabled_services)
  forbid_starts
  export DEBIAN_FRONTEND=noninteractive
  step 'updating the package lists'
  apt-get update -qq || fail 'apt-get update'
  step "installing$missing"
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing >/dev/null || fail "apt-get install$missing"
  disable_new "$enabled_before"
fi

for binary in influxd influx victoria-metrics mvn unzip setpriv collectd rsyslogd prometheus redis-server; do
  command -v "$binary" >/dev/null || fail "$binary is not on the PATH after installing"
done
[ -x /usr/lib/postgresql/15/bin/postgres ] || fail 'PostgreSQL 15 is not in /usr/lib/postgresql/15'
[ -x /usr/lib/jvm/java-17-openjdk-amd64/bin/java ] || fail 'no Java 17 in /usr/lib/jvm'

# Unpacked at its first start (packages/test-servers/elasticsearch-install.ts).
group=org.elasticsearch.distribution.integ-test-zip
zip="$HOME/.m2/repository/$(printf %s "$group" | tr . /)/elasticsearch/8.19.0/elasticsearch-8.19.0.zip"
if [ -e "$zip" ]; then
  step 'Elasticsearch 8.19.0 is fetched'
else
  step 'fetching Elasticsearch 8.19.0 with Maven'
  mvn -q -B dependency:get -Dtransitive=false "-Dartifact=$group:elasticsearch:8.19.0:zip" ||
    fail 'Maven could not fetch Elasticsearch'
  [ -e "$zip" ] || fail "Maven fetched Elasticsearch, but not to $zip"
fi
step 'ready'
