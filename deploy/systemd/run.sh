#!/bin/sh
# Runs a command of the product as the service does: its user, folder, settings and secrets, whether it runs or not.
#   cp deploy/systemd/run.sh /usr/local/bin/photo-to-3d
#   photo-to-3d npm run doctor
set -eu
root=${PHOTO_TO_3D_ROOT:-}
cd "$root/opt/photo-to-3d/current"
export NODE_ENV=production HOST=127.0.0.1 MALLOC_ARENA_MAX=2
export DATA_DIR="$root/var/lib/photo-to-3d" UPLOAD_DIR="$root/var/lib/photo-to-3d/uploads"
# npm looks there for its own settings, and the caller's folder is closed to the service's user.
export HOME="$DATA_DIR"

# Read as systemd does, which runs nothing: a line is a name and a value, perhaps in quotes.
if [ -f "$root/etc/photo-to-3d.env" ]; then
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      [A-Z]*=*) ;;
      *) continue ;;
    esac
    name=${line%%=*}
    value=${line#*=}
    case $value in
      \"*\" | \'*\')
        value=${value#?}
        value=${value%?}
        ;;
    esac
    export "$name=$value"
  done < "$root/etc/photo-to-3d.env"
fi

for file in "$root"/etc/photo-to-3d/*; do
  [ -f "$file" ] || continue
  value=$(cat "$file")
  export "${file##*/}=$value"
done
exec runuser -u photo-to-3d -- "$@"
