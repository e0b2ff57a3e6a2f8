#!/bin/sh
# own_network.sh COMMAND…: runs it in a network of its own (a namespace, which root may make) with a loopback and one interface that is
# up. A browser breaks off whatever it loads when the machine's network changes (net::ERR_NETWORK_CHANGED) and never asks for a page's
# scripts again: so a test with a browser must not see another one pull cables, nor what else the machine's network does.
# SLUICE_OWN_NETWORK says whether it was possible: yes or no.
[ -z "${SLUICE_OWN_NETWORK:-}" ] || exec "$@"
make='ip link set lo up && ip link add own0 type veth peer name own1 &&
    ip link set own0 addrgenmode none && ip link set own1 addrgenmode none &&
    ip addr add 192.0.2.1/24 dev own0 && ip link set own0 up && ip link set own1 up'
if unshare --net sh -c "$make" 2>/dev/null; then
    export SLUICE_OWN_NETWORK=yes
    exec unshare --net sh -c "$make"' && exec "$@"' sh "$@"
fi
export SLUICE_OWN_NETWORK=no
exec "$@"
