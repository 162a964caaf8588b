#!/bin/sh
# Makes deploy/.env with new secrets: deploy/secrets.sh https://chat.example.com [outbox|api|cdc|api_cdc]
# It never overwrites one: with other secrets nobody's session would be good, and the database would not open.
set -eu
umask 077

public_url="${1:-http://localhost:8080}"
case "$public_url" in
  http://*/* | https://*/* | *[!a-z0-9.:/-]*) wrong=yes ;;
  http://?* | https://?*) wrong=no ;;
  *) wrong=yes ;;
esac
if [ "$wrong" = yes ]; then
  echo "The address must be like https://chat.example.com, in small letters and without a path." >&2
  exit 1
fi

mode="${2:-outbox}"
outbox=false
cdc=false
profiles=
case "$mode" in
  api) ;;
  outbox) outbox=true ;;
  cdc | api_cdc)
    cdc=true
    profiles=cdc
    ;;
  *)
    echo "The mode of broadcasting is outbox, api, cdc or api_cdc." >&2
    exit 1
    ;;
esac

file="$(dirname "$0")/.env"
draft="$(mktemp "$file.XXXXXX")"
trap 'rm -f "$draft"' EXIT

secret() {
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

cat > "$draft" << END
# The address that people type. Pages of other origins may not connect.
PUBLIC_URL=$public_url
# Where Nginx listens on this machine. For all its addresses: 0.0.0.0:80
HTTP_ADDRESS=127.0.0.1:8080
# The address or network of a proxy in front whose X-Forwarded-For and X-Forwarded-Proto count. This one is nobody's.
FRONT_PROXY=192.0.2.1/32
# The way of events to Centrifugo. To change it, change all four: api needs no consumer, outbox the first one, cdc and
# api_cdc the second one and the profile cdc. Another profile is observability; a comma stands between them.
BROADCAST_MODE=$mode
OUTBOX_CONSUMER=$outbox
CDC_CONSUMER=$cdc
COMPOSE_PROFILES=$profiles
# For backends and Centrifugo alike.
OUTBOX_PARTITIONS=8
# Where Grafana listens, with the profile observability. Its user is admin.
GRAFANA_ADDRESS=127.0.0.1:3000
SECRET=$(secret)
POSTGRES_PASSWORD=$(secret)
REDIS_PASSWORD=$(secret)
CENTRIFUGO_TOKEN_SECRET=$(secret)
CENTRIFUGO_HTTP_API_KEY=$(secret)
CDC_PASSWORD=$(secret)
GRAFANA_PASSWORD=$(secret)
END

# A link is made at once or not at all.
if ! ln "$draft" "$file" 2> /dev/null; then
  echo "$file is there already, or cannot be written. It was left as it is." >&2
  exit 1
fi
echo "The secrets are in $file. Keep a copy of it with your backups."
