"""Where a webhook may be: anywhere in the public Internet, and in the private networks that the operator names."""

import errno
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from alerting.sender.delivery import DeliveryError

Network = IPv4Network | IPv6Network

# The registries of special addresses (RFC 6890 and its successors); private, local, shared, for documents, multicast.
_SPECIAL_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's own services: looks public, and is not
            "169.254.0.0/16",  # metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Only this is public in IPv6. Outside are loopback, local, multicast, IPv4-mapped and IPv4-compatible addresses.
_PUBLIC_6: Final = IPv6Network("2000::/3")
# And these are not: protocols and Teredo, documents, 6to4.
_SPECIAL_6: Final = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# An IPv4 address as a host without IPv4 sees it: what it leads to decides.
_NAT64: Final = IPv6Network("64:ff9b::/96")


class RefusedAddress(OSError):
    """The address is one that tenants may not make us call."""

    def __init__(self) -> None:
        # The same text for every address, so that a name with several of them is refused as one with one.
        super().__init__(errno.EACCES, "the address is private or special, and not allowed")


def is_allowed(address: str, allowed: Sequence[Network]) -> bool:
    """Tell whether an address may be connected to."""
    ip = ip_address(address.partition("%")[0])
    return any(ip in network for network in allowed) or _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _SPECIAL_4)
    return ip in _PUBLIC_6 and not any(ip in network for network in _SPECIAL_6)


def checked_socket(allowed: Sequence[Network]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Return a maker of sockets that refuses by the very address that is about to be connected to.

    A check of the host's name would be too early: the name may have another address a moment later, and an address may
    be written in many ways.
    """

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not is_allowed(address[0], allowed):
            raise RefusedAddress
        return socket.socket(family, kind, protocol)

    return make


def refused(host: str) -> DeliveryError:
    """Return the error of a delivery to such an address."""
    return DeliveryError(f"{host} leads to a private or special address, which is not allowed", permanent=True)
