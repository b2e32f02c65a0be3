"""Build hook: makes the place index from its source files when the package is built or installed for editing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlaceIndexHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `build_if_stale` of `resolve/gazetteer.py`, loaded by its path: the package isn't installed yet."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        package = Path(self.root) / "src" / "reportedly"
        spec = importlib.util.spec_from_file_location("reportedly_gazetteer", package / "resolve" / "gazetteer.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(package / "resolve" / "gazetteer.py")
        gazetteer = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = gazetteer
        spec.loader.exec_module(gazetteer)
        gazetteer.build_if_stale(package / "data" / "authorities")
