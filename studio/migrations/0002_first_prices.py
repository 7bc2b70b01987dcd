"""The built-in engine's own price: free, until a team's admin says otherwise."""

from datetime import UTC, date, datetime

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("studio", "PriceVersion").objects.create(
        provider="animatic",
        per="second",
        amount=0,
        unit="credit",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        source="Built in: it runs on this machine",
        checked_on=date(2026, 11, 20),
    )


class Migration(migrations.Migration):
    dependencies = [("studio", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
