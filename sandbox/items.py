"""This is what a workspace holds besides people, conversations and messages: groups and files."""

from dataclasses import dataclass, field


@dataclass
class UserGroup:
    """This is a user group, mentioned as `@handle`. Dates are world unix seconds, 0: never."""

    id: str
    handle: str
    name: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    created_by: str = ""
    updated_by: str = ""
    date_create: int = 0
    date_update: int = 0
    date_delete: int = 0
    """Since when it is disabled."""

    @property
    def mention(self) -> str:
        """This is how a message mentions it; a label may follow before the closing bracket."""
        return f"<!subteam^{self.id}"


@dataclass
class File:
    """This is an uploaded file. `data` is None until its bytes came, and once they are gone."""

    id: str
    name: str
    user: str
    size: int
    created: int
    title: str = ""
    mimetype: str = "application/octet-stream"
    alt_text: str = ""
    data: bytes | None = None
    shared: bool = False
    """Whether its upload was completed; before, nobody can see it."""
    deleted: bool = False
    upload_key: str = ""
    url: str = ""
    """Where the app reads it: Slack's url_private."""
    shares: dict[str, list[str]] = field(default_factory=dict)
    """Channel -> the ts of the messages that carry it."""
