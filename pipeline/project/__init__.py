"""A company's own tables as one source: declared in healthsheet.toml, cut at a day, joined."""

from pipeline.project.declared import Project, read_project
from pipeline.project.opened import OpenProject

__all__ = ["OpenProject", "Project", "read_project"]
