"""Conan 2 recipe. Mapquake is linked with what Debian packages (Boost.Fiber, libfiu, rapidcheck, …): the recipe asks the system for
them, as tools/setup.sh lists them, and packages what `cmake --install` installs.

    conan create deploy/conan --build=missing -c tools.system.package_manager:mode=install
"""
import os
import pathlib
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain
from conan.tools.files import copy
from conan.tools.system.package_manager import Apt

REQUIRED = re.compile(r"^required=\((.*?)^\)", re.M | re.S)


class Mapquake(ConanFile):
    name = "mapquake"
    license = "Apache-2.0"
    description = "Fault-injection chaos harness for C++ maps"
    settings = "os", "compiler", "build_type", "arch"
    package_type = "application"

    @property
    def _tree(self):
        return pathlib.Path(self.recipe_folder).parent.parent

    def set_version(self):
        text = (self._tree / "CMakeLists.txt").read_text()
        self.version = re.search(r"project\(mapquake[^)]*VERSION ([0-9.]+)", text, re.S).group(1)

    def export(self):
        copy(self, "setup.sh", str(self._tree / "tools"), os.path.join(self.export_folder, "tools"))

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "adapters/*", "cmake/*",
                        "docs/*", "harness/*", "reports/*", "scenarios/*", "tools/*"):
            copy(self, pattern, str(self._tree), self.export_sources_folder)

    def system_requirements(self):
        script = pathlib.Path(self.recipe_folder, "tools", "setup.sh")
        if script.exists():
            Apt(self).install(REQUIRED.search(script.read_text()).group(1).split(), check=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["BUILD_TESTING"] = "OFF"
        toolchain.cache_variables["MAPQUAKE_RELOCATED"] = "ON"
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
        cmake.build(target="mapquake_generated")

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "none")  # its own mapquakeConfig.cmake
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "mapquake")]
        self.buildenv_info.append_path("PATH", os.path.join(self.package_folder, "bin"))
