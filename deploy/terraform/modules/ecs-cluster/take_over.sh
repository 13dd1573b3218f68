#!/bin/bash
# Takes over from the instance before: attaches the durable volume VOLUME, makes a file system on it if it has none, mounts it
# at MOUNT, makes DIRECTORIES (name:uid …) in it, and takes the public ADDRESS. The agent of ECS starts only where the volume
# is mounted: a task would write beside it otherwise.
set -euo pipefail

metadata() {
    local token
    token=$(curl -sSf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
    curl -sSf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}

# The instance before may take a while to let go of it.
attach() {
    for _ in $(seq "${ATTEMPTS:-60}"); do
        aws ec2 attach-volume --region "$REGION" --volume-id "$VOLUME" --instance-id "$1" --device /dev/sdf && return
        sleep "${PAUSE:-10}"
    done
    echo "volume $VOLUME could not be attached" >&2
    return 1
}

device() {
    local path="${DEVICES:-/dev/disk/by-id}/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}"
    for _ in $(seq "${ATTEMPTS:-60}"); do
        [ -e "$path" ] && readlink -f "$path" && return
        sleep "${PAUSE:-10}"
    done
    echo "no device of volume $VOLUME" >&2
    return 1
}

# blkid finds nothing on a device that it cannot read either, so only one that begins with nothing but zeros is blank; whatever
# else goes wrong is no reason to write over what may be there.
format_blank() {
    blkid -p "$1" && return
    local written
    written=$(head -c 4194304 "$1" | tr -d '\0' | wc -c)
    if [ "$written" -ne 0 ]; then
        echo "$1 has no file system, and is not blank" >&2
        return 1
    fi
    mkfs.ext4 -q -L alerting-data "$1"
}

main() {
    mkdir -p "${UNITS:-/etc/systemd/system}/ecs.service.d"
    printf '[Unit]\nRequiresMountsFor=%s\n' "$MOUNT" > "${UNITS:-/etc/systemd/system}/ecs.service.d/data.conf"
    command -v aws >/dev/null || dnf install -y -q awscli-2
    local instance found
    instance=$(metadata instance-id)
    attach "$instance"
    found=$(device)
    format_blank "$found"
    mkdir -p "$MOUNT"
    echo "LABEL=alerting-data $MOUNT ext4 defaults,noatime,nofail 0 2" >> "${FSTAB:-/etc/fstab}"
    systemctl daemon-reload
    mount "$MOUNT"
    # The volume may have been made larger.
    resize2fs "$found"
    for each in $DIRECTORIES; do
        # Directories of their own: a file system's lost+found would be no topic, and no database.
        install -d -m 0700 -o "${each#*:}" -g "${each#*:}" "$MOUNT/${each%:*}"
    done
    aws ec2 associate-address --region "$REGION" --allocation-id "$ADDRESS" --instance-id "$instance" --allow-reassociation
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    main
fi
