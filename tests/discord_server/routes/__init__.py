"""The routes of the REST API that this server knows."""

from tests.discord_server.routes import application, channels, interactions, publishing
from tests.discord_server.routes.route import Route

ROUTES: tuple[Route, ...] = (*application.ROUTES, *channels.ROUTES, *publishing.ROUTES, *interactions.ROUTES)
