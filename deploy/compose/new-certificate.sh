#!/bin/sh
# Gives a certificate that certbot has got or renewed to the nginx of compose.prod.yml (docs/deploy-docker.md):
#   certbot certonly --webroot … --deploy-hook /PATH/deploy/compose/new-certificate.sh
set -eu
cd "$(dirname "$0")/../.."
tls=${TLS_DIR:-$(sed -n 's/^TLS_DIR=//p' .env 2> /dev/null | tail -n 1)}
tls=${tls:-tls}
# certbot names the folder of the certificate.
cp -L "$RENEWED_LINEAGE/fullchain.pem" "$tls/fullchain.pem.new"
cp -L "$RENEWED_LINEAGE/privkey.pem" "$tls/privkey.pem.new"
mv "$tls/fullchain.pem.new" "$tls/fullchain.pem"
mv "$tls/privkey.pem.new" "$tls/privkey.pem"
docker compose -f compose.prod.yml exec -T nginx nginx -s reload
