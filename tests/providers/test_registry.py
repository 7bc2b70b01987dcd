import pytest
from django.conf import settings as house

from studio.core.errors import InvalidOrder
from studio.core.orders import Order
from studio.models import StoredAccount
from studio.providers import registry
from studio.providers.registry import DIALECTS, all_providers, capability_of, offered, provider_of

pytestmark = pytest.mark.django_db


class TestRegistry:
    def test_has_the_engine_and_every_dialect(self):
        assert list(all_providers()) == ["animatic", *(dialect.slug for dialect in DIALECTS)]

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_each_dialect_can_be_set_in_the_environment(self, dialect):
        assert dialect.slug in house.PROVIDERS

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_without_a_key_it_is_listed_and_says_what_it_needs(self, dialect):
        provider = offered()[dialect.slug]
        assert f"{dialect.slug.upper()}_API_KEY" in provider.needs

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_each_model_names_its_provider(self, dialect):
        for able in dialect.capabilities:
            order = Order(provider=dialect.slug, model=able.model, prompt="")
            assert capability_of(order) is able
            assert able.provider == dialect.slug

    def test_switched_off_it_takes_no_orders_but_its_jobs_go_on(self):
        StoredAccount(provider="runware", enabled=False).save()
        assert "runware" not in offered()
        assert provider_of("runware").label == "Runware"

    def test_unknown_provider_is_told_with_those_there_are(self):
        with pytest.raises(InvalidOrder, match="animatic"):
            provider_of("nobody")

    def test_public_studio_can_be_fetched_from(self, settings):
        settings.PUBLIC_URL = "https://studio.example"
        able = next(able for able in registry.Octopusx.capabilities if able.first_frame)
        provider = registry._remote(registry.Octopusx)
        assert provider.file_problem(able, "first_frame") == ""
        settings.PUBLIC_URL = ""
        provider = registry._remote(registry.Octopusx)
        assert "DAILIES_PUBLIC_URL" in provider.file_problem(able, "first_frame")
