"""This holds the one way in which the sandbox says no."""

from typing import Any


class Refused(Exception):
    """This is an answer with `ok: false`.

    `code` is Slack's error code. `messages` go to `response_metadata.messages`; `extra` are
    further fields of the answer; `status` is the HTTP status.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: tuple[str, ...] = (),
        status: int = 200,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code = code
        self.messages = messages
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """This is the JSON body of the answer."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer
