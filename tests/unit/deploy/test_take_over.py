"""What an instance does with the durable volume: the script itself, on a file in place of a device.

`mkfs.ext4` and `blkid` are the real ones; what needs an instance is replaced by programs that note their arguments.
"""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy/terraform/modules/ecs-cluster/take_over.sh"


class Instance:
    """A directory with what the script looks at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.volume = root / "device"
        self.volume.write_bytes(bytes(16 << 20))
        (root / "devices").mkdir()
        (root / "devices/nvme-Amazon_Elastic_Block_Store_vol0123").symlink_to(self.volume)
        (root / "bin").mkdir()
        for name in ("mount", "systemctl", "install", "dnf", "resize2fs"):
            self.program(name, "exit 0")
        self.program("curl", "echo i-0123")
        self.program("aws", "exit 0")

    def program(self, name: str, body: str) -> None:
        path = self.root / "bin" / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.root}/calls\n{body}\n')
        path.chmod(0o755)

    def calls(self, name: str) -> list[str]:
        path = self.root / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if line.split()[0] == name]

    def take_over(self) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": f"{self.root}/bin:/usr/sbin:/sbin:{os.environ['PATH']}",
            "VOLUME": "vol-0123",
            "REGION": "r",
            "ADDRESS": "eipalloc-1",
            "MOUNT": f"{self.root}/data",
            "DIRECTORIES": "kafka:1000 postgres:999",
            "DEVICES": f"{self.root}/devices",
            "UNITS": f"{self.root}/units",
            "FSTAB": f"{self.root}/fstab",
            "ATTEMPTS": "3",
            "PAUSE": "0",
        }
        return subprocess.run(["bash", SCRIPT], env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def test_a_blank_volume_gets_a_file_system(instance: Instance) -> None:
    done = instance.take_over()
    assert done.returncode == 0, done.stderr
    assert b"alerting-data" in instance.volume.read_bytes()
    assert [line.split()[-1] for line in instance.calls("install")] == [
        f"{instance.root}/data/kafka",
        f"{instance.root}/data/postgres",
    ]


def test_what_is_on_a_volume_stays(instance: Instance) -> None:
    assert instance.take_over().returncode == 0
    before = instance.volume.read_bytes()
    done = instance.take_over()
    assert done.returncode == 0, done.stderr
    assert instance.volume.read_bytes() == before


def test_what_is_no_file_system_is_not_written_over(instance: Instance) -> None:
    content = bytes(1 << 20) + b"something" + bytes(16 << 20)
    instance.volume.write_bytes(content)
    done = instance.take_over()
    assert done.returncode != 0
    assert "not blank" in done.stderr
    assert instance.volume.read_bytes() == content
    assert not instance.calls("mount")


def test_a_volume_that_cannot_be_read_is_not_written_over(instance: Instance) -> None:
    instance.program("head", "exit 1")
    assert instance.take_over().returncode != 0
    assert instance.volume.read_bytes() == bytes(16 << 20)


def test_the_agent_waits_for_the_mount(instance: Instance) -> None:
    instance.program("aws", "exit 1")
    done = instance.take_over()
    assert done.returncode != 0
    assert len(instance.calls("aws")) == 3
    assert f"RequiresMountsFor={instance.root}/data" in (instance.root / "units/ecs.service.d/data.conf").read_text()
    assert not instance.calls("mount")


def test_the_instance_before_lets_go_of_it_after_a_while(instance: Instance) -> None:
    instance.program("aws", f'[ "$(grep -c attach-volume {instance.root}/calls)" -ge 2 ]')
    assert instance.take_over().returncode == 0
    assert len([line for line in instance.calls("aws") if "attach-volume" in line]) == 2


def test_the_address_is_taken_last(instance: Instance) -> None:
    assert instance.take_over().returncode == 0
    assert "associate-address" in instance.calls("aws")[-1]
