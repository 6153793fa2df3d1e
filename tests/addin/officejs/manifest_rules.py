"""What Excel demands of a manifest, as rules of our own.

Source: Microsoft's schemas of the add-in only manifest (order and number of elements, lengths of
texts) and its reference (sizes of icons, one page for all in a shared runtime).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

__all__ = ["faults"]

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# Element → its children in the order they must have; "?" may be missing, "+" may repeat.
_CHILDREN: Mapping[str, str] = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl? "
    "HighResolutionIconUrl? SupportUrl? AppDomains? Hosts Requirements? DefaultSettings "
    "Permissions VersionOverrides?",
    "VersionOverrides": "Description? Requirements? Hosts? Resources? WebApplicationInfo?",
    "VersionOverrides/Hosts": "Host+",
    "VersionOverrides/Hosts/Host": "Runtimes? AllFormFactors? DesktopFormFactor?",
    "AllFormFactors/ExtensionPoint": "Script Page Metadata? Namespace?",
    "DesktopFormFactor": "GetStarted? FunctionFile? ExtensionPoint+",
    "DesktopFormFactor/ExtensionPoint": "OfficeTab+",
    "GetStarted": "Title Description LearnMoreUrl",
    "OfficeTab": "Group+",
    "Group": "Label Icon Control+",
    "Control": "Label Supertip Icon Action",
    "Supertip": "Title Description",
    "Action": "TaskpaneId? SourceLocation Title?",
    "Resources": "Images Urls ShortStrings LongStrings",
    "WebApplicationInfo": "Id Resource Scopes",
}
_REFERENCES: Mapping[str, str] = {
    "Label": "ShortStrings", "Title": "ShortStrings", "Description": "LongStrings",
    "SourceLocation": "Urls", "FunctionFile": "Urls", "Runtime": "Urls", "LearnMoreUrl": "Urls",
    "Image": "Images", "Namespace": "ShortStrings",
}  # fmt: skip
_LENGTHS: Mapping[str, int] = {"ShortStrings": 125, "LongStrings": 250, "Urls": 2048}
_ICONS = {16, 32, 80}
_MORE_ICONS = {20, 24, 40, 48, 64}


def faults(manifest: str) -> list[str]:
    """Every rule that a manifest breaks, in words."""
    root = fromstring(manifest)
    return [*_order(root, ""), *_resources(root), *_addresses(root), *_texts(root), *_icons(root)]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _order(element: Element, parent: str) -> Iterator[str]:
    path = f"{parent}/{_name(element)}"
    rule = next((_CHILDREN[k] for k in sorted(_CHILDREN, key=len, reverse=True)
                 if path.endswith(f"/{k}")), None)  # fmt: skip
    if rule is not None:
        pattern = "".join(_one(part) for part in rule.split())
        given = "".join(f"{_name(child)} " for child in element)
        if not re.fullmatch(pattern, given):
            yield f"{path}: has {given}, must have {rule}"
    for child in element:
        yield from _order(child, path)


def _one(part: str) -> str:
    name, mark = re.fullmatch(r"(\w+)([?+]?)", part).groups()  # type: ignore[union-attr]
    return f"({name} ){mark}"


def _found(root: Element) -> dict[str, dict[str, str]]:
    resources = next(e for e in root.iter() if _name(e) == "Resources")
    return {_name(kind): {e.attrib["id"]: e.attrib["DefaultValue"] for e in kind}
            for kind in resources}  # fmt: skip


def _resources(root: Element) -> Iterator[str]:
    """Each reference leads to a resource of its kind, each resource is used and named once."""
    found, used = _found(root), set()
    for element in root.iter():
        if (resid := element.get("resid")) is not None:
            kind = _REFERENCES[_name(element)]
            used.add(resid)
            if resid not in found[kind]:
                yield f"{_name(element)}: no {kind} named {resid}"
    names = [name for kind in found.values() for name in kind]
    yield from (f"{name}: longer than 32" for name in names if len(name) > 32)
    yield from (f"{name}: not used" for name in sorted(set(names) - used))
    yield from (f"{name}: twice" for name in sorted({n for n in names if names.count(n) > 1}))
    pages = [e.attrib["resid"] for e in root.iter() if _name(e) in ("Runtime", "FunctionFile")]
    pages += [e[0].attrib["resid"] for e in root.iter() if _name(e) == "Page"]
    pages += [e.attrib["resid"] for a in root.iter() if _name(a) == "Action"
              for e in a if _name(e) == "SourceLocation"]  # fmt: skip
    if len(set(pages)) != 1:
        yield f"not one page for all: {sorted(set(pages))}"


def _addresses(root: Element) -> Iterator[str]:
    found = _found(root)
    urls = [*found["Images"].values(), *found["Urls"].values()]
    urls += [e.text or "" for e in root.iter() if _name(e) == "AppDomain"]
    urls += [e.attrib["DefaultValue"] for e in root.iter()
             if _name(e) in ("IconUrl", "HighResolutionIconUrl", "SupportUrl", "SourceLocation")
             and "DefaultValue" in e.attrib]  # fmt: skip
    yield from (f"{url}: not https" for url in urls if not url.startswith("https://"))


def _texts(root: Element) -> Iterator[str]:
    text = {_name(e): e.text or "" for e in root}
    if not _GUID.fullmatch(text["Id"]):
        yield f"Id: {text['Id']}"
    if not re.fullmatch(r"\d{1,5}(\.\d{1,5}){3}", text["Version"]):
        yield f"Version: {text['Version']}"
    if text["Permissions"] not in ("Restricted", "ReadDocument", "ReadWriteDocument"):
        yield f"Permissions: {text['Permissions']}"
    for kind, values in _found(root).items():
        for name, value in values.items():
            if not 1 <= len(value) <= _LENGTHS.get(kind, 2048):
                yield f"{name}: {len(value)} characters"
    for name in ("DisplayName", "Description"):
        longest = {"DisplayName": 125, "Description": 250}[name]
        value = next(e.attrib["DefaultValue"] for e in root if _name(e) == name)
        if not 1 <= len(value) <= longest:
            yield f"{name}: {len(value)} characters"


def _icons(root: Element) -> Iterator[str]:
    for element in root.iter():
        if _name(element) == "Icon":
            sizes = [int(image.attrib["size"]) for image in element]
            if not _ICONS <= set(sizes) <= _ICONS | _MORE_ICONS or len(sizes) != len(set(sizes)):
                yield f"Icon: sizes {sizes}"
    kinds = [e.get(_XSI) for e in root.iter() if _name(e) == "Host" and e.get(_XSI)]
    if kinds != ["Workbook"]:
        yield f"Host: {kinds}"
