"""A clip says which note it fixes; files of notes are a kind of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0012_review_of_old_takes'),
    ]

    operations = [
        migrations.AddField(
            model_name='clip',
            name='fixes',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fixed_by', to='studio.note'),
        ),
        migrations.AlterField(
            model_name='asset',
            name='kind',
            field=models.CharField(choices=[('upload', 'Upload'), ('video', 'Video'), ('poster', 'Poster'), ('preview', 'Preview'), ('last_frame', 'Last frame'), ('filmstrip', 'Filmstrip'), ('scene', 'Scene'), ('stream', 'Stream'), ('log', 'Log'), ('frame', 'Frame of a take'), ('fitted', 'Fitted picture'), ('joined', 'Joined takes'), ('attached', 'Attached to a note')], max_length=10),
        ),
    ]
