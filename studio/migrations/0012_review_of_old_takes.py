"""Takes that were made before there were decisions wait for one; rehearsals do not."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce


def tell(apps, _schema_editor):
    Take, Clip, Job = (apps.get_model('studio', name) for name in ('Take', 'Clip', 'Job'))
    Take.objects.filter(job__intended__isnull=False).update(review='')
    cover = Take.objects.filter(pk=OuterRef('cover'))
    costs = Job.objects.filter(clip=OuterRef('pk')).order_by().values('clip')
    Clip.objects.update(
        review=Coalesce(Subquery(cover.values('review')[:1]), Value('')),
        charged=Coalesce(Subquery(costs.annotate(sum=Sum('charged')).values('sum')[:1]), 0),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0011_review'),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
