"""Reports tell of takes that are deleted, and of clips that somebody has looked at before."""

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q


def look(apps, _editor):
    """Who said anything of a clip has looked at it; of the others nobody knows."""
    said = Q(note_count__gt=0) | Q(stars__gt=0)
    for name, path in (('Note', 'clip'), ('Decision', 'take__clip'), ('Favorite', 'clip')):
        rows = apps.get_model('studio', name).objects.filter(**{path: OuterRef('pk')})
        said |= Q(Exists(rows))
    clips = apps.get_model('studio', 'Clip').objects.filter(said, take_count__gt=0, looked_at=None)
    clips.update(looked_at=F('created_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0021_chain_required'),
    ]

    operations = [
        migrations.AddField(model_name='job', name='purged_takes', field=models.JSONField(blank=True, null=True)),
        migrations.RunPython(look, migrations.RunPython.noop),
    ]
