from django.db import migrations, models


class Migration(migrations.Migration):
    """Charts and comparisons add up three years from the index alone."""

    dependencies = [("studio", "0022_looked_at")]

    operations = [
        migrations.RemoveIndex(model_name="dailytotal", name="total_by_day"),
        migrations.AddIndex(
            model_name="dailytotal",
            index=models.Index(
                models.F("team"), models.F("day"), models.F("provider"), models.F("spent"),
                models.F("outcome"), models.F("milliseconds"), name="total_by_day",
            ),
        ),
    ]
