"""What happened to a clip is not always a job's: the same rows, under another name."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0009_chain_lease'),
    ]

    operations = [
        migrations.RenameModel(old_name='JobEvent', new_name='Event'),
    ]
