import cms.core.clock
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('image', 5), ('quote', 8), ('faq', 13)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': "Its focal point, set in the picture's own form, stays in sight when it is cropped.", 'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture shows', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'help_text': 'Their words as they said them, without quotation marks.', 'label': 'Quote', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'A name, and what they have to do with it.', 'label': 'Who said it', 'max_length': 120, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('attribution', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 10: ('cms.core.blocks.TextBlock', (), {'label': 'Answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'help_text': 'What people ask before they back: shipping, sizes, what happens when it is late.', 'label': 'Questions', 'max_num': 40, 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('items', 12)]], {})})),
            ],
            options={
                'verbose_name': 'content page',
                'verbose_name_plural': 'content pages',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('headline', models.CharField(blank=True, max_length=120, verbose_name='headline')),
                ('introduction', models.TextField(blank=True, max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'home page',
                'verbose_name_plural': 'home pages',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='FeaturedSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=2, verbose_name='position')),
                ('starts_at', models.DateTimeField(blank=True, db_default=cms.core.clock.AppNow(), verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('reason', models.CharField(help_text='Kept with the record of what was featured.', max_length=255, verbose_name='reason')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='featured_slots', to='campaigns.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'featured campaign',
                'verbose_name_plural': 'featured campaigns',
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='featured_ends_later')],
            },
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))
