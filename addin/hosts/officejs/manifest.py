"""The manifest: what Excel is given to find the server (add-in only manifest, XML).

One page runs cells and pane (shared runtime). There is no namespace, so people type
``=HEALTH_SCORE(…)`` as in every other host.

Source: Microsoft's reference of the manifest, VersionOverrides 1.0 for task panes.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

from scoring.errors import HostError

__all__ = ["manifest", "resource"]

# Excel wants 16, 32 and 80 pixels, and takes some more; a file of each stands in static/assets.
_SIZES = (16, 32, 64, 80)

_ABOUT = "Customer health scores in cells: score, tier and the reason, in any workbook."


def manifest(url: str, client_id: str = "") -> str:
    """The manifest of a server.

    Args:
        url: of the server, as `read_url` gives it.
        client_id: of the Entra app registration, where people sign in with Entra ID.

    Raises:
        HostError: the URL is not https, which Excel demands.
    """
    if not url.startswith("https:"):
        raise HostError(f"{url} is not encrypted, and Excel refuses it. Give --url https://….")
    return _MANIFEST.format(
        # The same for each server each time, and another for another server.
        id=uuid5(NAMESPACE_URL, f"{url}/healthsheet"),
        version=_four_numbers(version("healthsheet")),
        about=quoteattr(_ABOUT),
        url=url,
        images="".join(_image(size, url) for size in _SIZES),
        icons="".join(_icon(size) for size in _SIZES),
        sign_in=_SIGN_IN.format(id=client_id, resource=resource(url, client_id))
        if client_id
        else "",
    )


def resource(url: str, client_id: str) -> str:
    """What Entra calls the server: the *Application ID URI* of the app registration."""
    return f"api://{urlsplit(url).netloc}/{client_id}"


def _four_numbers(version: str) -> str:
    """A version as Excel wants it; Excel takes a manifest as new when it grows."""
    numbers = re.findall(r"\d+", version.split("+")[0])[:3]
    return ".".join([*numbers, *["0"] * 4][:4])


def _image(size: int, url: str) -> str:
    return f'\n        <bt:Image id="Icon.{size}" DefaultValue="{url}/assets/icon-{size}.png"/>'


def _icon(size: int) -> str:
    return f'<bt:Image size="{size}" resid="Icon.{size}"/>'


_SIGN_IN = """
    <WebApplicationInfo>
      <Id>{id}</Id>
      <Resource>{resource}</Resource>
      <Scopes>
        <Scope>openid</Scope>
        <Scope>profile</Scope>
      </Scopes>
    </WebApplicationInfo>"""

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0"
    xsi:type="TaskPaneApp">
  <Id>{id}</Id>
  <Version>{version}</Version>
  <ProviderName>HealthSheet</ProviderName>
  <DefaultLocale>en-US</DefaultLocale>
  <DisplayName DefaultValue="HealthSheet"/>
  <Description DefaultValue={about}/>
  <IconUrl DefaultValue="{url}/assets/icon-32.png"/>
  <HighResolutionIconUrl DefaultValue="{url}/assets/icon-64.png"/>
  <SupportUrl DefaultValue="{url}/help"/>
  <AppDomains>
    <AppDomain>{url}</AppDomain>
  </AppDomains>
  <Hosts>
    <Host Name="Workbook"/>
  </Hosts>
  <Requirements>
    <Sets DefaultMinVersion="1.1">
      <Set Name="SharedRuntime" MinVersion="1.1"/>
      <Set Name="CustomFunctionsRuntime" MinVersion="1.3"/>
    </Sets>
  </Requirements>
  <DefaultSettings>
    <SourceLocation DefaultValue="{url}/pane.html"/>
  </DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides"
      xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes>
          <Runtime resid="Pane.Url" lifetime="long"/>
        </Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script>
              <SourceLocation resid="Functions.Script.Url"/>
            </Script>
            <Page>
              <SourceLocation resid="Pane.Url"/>
            </Page>
            <Metadata>
              <SourceLocation resid="Functions.Metadata.Url"/>
            </Metadata>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <GetStarted>
            <Title resid="Started.Title"/>
            <Description resid="Started.Text"/>
            <LearnMoreUrl resid="Help.Url"/>
          </GetStarted>
          <FunctionFile resid="Pane.Url"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="TabHome">
              <Group id="HealthSheet.Group">
                <Label resid="Group.Label"/>
                <Icon>{icons}</Icon>
                <Control xsi:type="Button" id="HealthSheet.Pane">
                  <Label resid="Pane.Label"/>
                  <Supertip>
                    <Title resid="Pane.Label"/>
                    <Description resid="Pane.Tip"/>
                  </Supertip>
                  <Icon>{icons}</Icon>
                  <Action xsi:type="ShowTaskpane">
                    <TaskpaneId>HealthSheet.Pane</TaskpaneId>
                    <SourceLocation resid="Pane.Url"/>
                  </Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>{images}
      </bt:Images>
      <bt:Urls>
        <bt:Url id="Pane.Url" DefaultValue="{url}/pane.html"/>
        <bt:Url id="Functions.Script.Url" DefaultValue="{url}/functions.js"/>
        <bt:Url id="Functions.Metadata.Url" DefaultValue="{url}/functions.json"/>
        <bt:Url id="Help.Url" DefaultValue="{url}/help"/>
      </bt:Urls>
      <bt:ShortStrings>
        <bt:String id="Group.Label" DefaultValue="HealthSheet"/>
        <bt:String id="Pane.Label" DefaultValue="HealthSheet"/>
        <bt:String id="Started.Title" DefaultValue="HealthSheet is ready"/>
      </bt:ShortStrings>
      <bt:LongStrings>
        <bt:String id="Pane.Tip" DefaultValue="Explain the selected account's score."/>
        <bt:String id="Started.Text" DefaultValue="Type =HEALTH_SCORE( in a cell."/>
      </bt:LongStrings>
    </Resources>{sign_in}
  </VersionOverrides>
</OfficeApp>
"""
