from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0016_decisions")]

    operations = [
        migrations.AddField(
            model_name="shareclip",
            name="title",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
    ]
