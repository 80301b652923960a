"""This holds the sandbox's modules to an order in which each can be read before its users."""

from graphlib import TopologicalSorter

from tests.tidy import tree
from tests.tidy.test_modules import dotted_name, imports


def test_no_module_of_the_sandbox_leads_back_to_itself():
    modules = {dotted_name(name): set(imports(name)) for name in tree.modules("sandbox")}
    inside = {name: (found & modules.keys()) - {name} for name, found in modules.items()}
    # Raises CycleError, which names the circle.
    assert "sandbox.box" in TopologicalSorter(inside).static_order()
