"""Methods for receiving updates: long polling, webhook, logging out."""

import re
from urllib.parse import urlsplit

from tests.telegram_server.errors import ApiError, bad_request
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.state import Json
from tests.telegram_server.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_updates(world: World, params: Params) -> list[Json]:
    """GetUpdates; also ends a poll that is still waiting."""
    if world.webhook.get("url"):
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _allow(world, params)
    limit = params.integer("limit") or 100
    seconds = params.integer("timeout") or 0
    return await world.updates.poll(params.integer("offset"), min(max(limit, 1), 100), min(seconds, 50))


def set_webhook(world: World, params: Params) -> bool:
    """SetWebhook; plain HTTP is accepted on the loopback interface only."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, params)
    _drop(world, params)
    connections = params.integer("max_connections") or 40
    world.webhook = {"url": url, "secret_token": secret, "max_connections": min(max(connections, 1), 100)}
    world.pulse.beat()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """DeleteWebhook."""
    _drop(world, params)
    world.webhook = {}
    world.pulse.beat()
    return True


def webhook_info(world: World, _params: Params) -> Json:
    """GetWebhookInfo."""
    known = {key: value for key, value in world.webhook.items() if key != "secret_token"}
    info = {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates.pending)}
    allowed = list(world.updates.allowed)
    return info | known | ({"allowed_updates": allowed} if allowed else {})


def log_out(world: World, _params: Params) -> bool:
    """LogOut."""
    world.logged_out = True
    return True


def close(_world: World, _params: Params) -> bool:
    """Close."""
    return True


def _allow(world: World, params: Params) -> None:
    allowed = params.json("allowed_updates")
    if allowed is not None:
        world.updates.allowed = tuple(allowed)


def _drop(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.clear()


METHODS = (
    method("getUpdates", get_updates, "offset limit timeout allowed_updates"),
    method(
        "setWebhook",
        set_webhook,
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    method("deleteWebhook", delete_webhook, "drop_pending_updates"),
    method("getWebhookInfo", webhook_info),
    method("logOut", log_out),
    method("close", close),
)
