from campaigns import guards
import campaigns.models.reviewers
import campaigns.states
import cms.core.clock
import cms.core.keys
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('funding', '0001_initial'),
        ('images', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.CharField(blank=True, max_length=255, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'campaigns index',
                'verbose_name_plural': 'campaigns indexes',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='CampaignPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.CharField(blank=True, help_text='What will exist because of your backers? Shown under the title and on cards.', max_length=255, verbose_name='promise in one sentence')),
                ('hero_alt', models.CharField(blank=True, help_text="Read aloud to people who can't see the picture.", max_length=200, verbose_name='what the picture shows')),
                ('story', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 4), ('faq', 9), ('image', 13), ('gallery', 15), ('before_after', 22), ('video', 26), ('film', 32), ('audio', 36), ('document', 40), ('timeline', 48), ('log', 58), ('team', 69), ('budget', 77), ('comparison', 86), ('reward', 90), ('ai_use', 93), ('spec', 98), ('artbook', 106), ('figure', 113), ('game', 118)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.blocks.TextBlock', (), {'help_text': 'Their words as they said them, without quotation marks.', 'label': 'Quote', 'max_length': 600, 'rows': 3}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'A name, and what they have to do with it.', 'label': 'Who said it', 'max_length': 120, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('text', 2), ('attribution', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 6: ('cms.core.blocks.TextBlock', (), {'label': 'Answer'}), 7: ('wagtail.blocks.StructBlock', [[('question', 5), ('answer', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'help_text': 'What people ask before they back: shipping, sizes, what happens when it is late.', 'label': 'Questions', 'max_num': 40, 'min_num': 1}), 9: ('wagtail.blocks.StructBlock', [[('items', 8)]], {}), 10: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': "Its focal point, set in the picture's own form, stays in sight when it is cropped.", 'label': 'Image'}), 11: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture shows', 'max_length': 200, 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('image', 10), ('alt', 11), ('caption', 12)]], {}), 14: ('wagtail.blocks.ListBlock', (13,), {'help_text': 'Two to twenty-four, in the order of showing.', 'label': 'Pictures', 'max_num': 24, 'min_num': 2}), 15: ('wagtail.blocks.StructBlock', [[('pictures', 14), ('caption', 12)]], {}), 16: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture before'}), 17: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture before shows', 'max_length': 200, 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state before', 'max_length': 30, 'required': False}), 19: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Taken from the same place and of the same shape, so that they lie over each other.', 'label': 'Picture after'}), 20: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture after shows', 'max_length': 200, 'required': False}), 21: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state after', 'max_length': 30, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('before', 16), ('before_alt', 17), ('before_label', 18), ('after', 19), ('after_alt', 20), ('after_label', 21), ('caption', 12)]], {}), 23: ('wagtail.embeds.blocks.EmbedBlock', (), {'help_text': "As it stands in the browser's address bar on YouTube, Vimeo or Bilibili.", 'label': 'Address of the video'}), 24: ('wagtail.blocks.CharBlock', (), {'help_text': "What it is called, for those who can't see it.", 'label': 'Title', 'max_length': 120, 'required': False}), 25: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Shown until the film plays; it needs no description of its own.', 'label': 'Still', 'required': False}), 26: ('wagtail.blocks.StructBlock', [[('url', 23), ('title', 24), ('poster', 25), ('caption', 12)]], {}), 27: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP4 with H.264, or WebM; up to ten minutes and 200 MB.', 'label': 'Film'}), 28: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A WebVTT file (.vtt).', 'label': 'Captions'}), 29: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('en', 'English'), ('zh-hans', 'Simplified Chinese')], 'label': 'Language'}), 30: ('wagtail.blocks.StructBlock', [[('file', 28), ('language', 29)]], {}), 31: ('wagtail.blocks.ListBlock', (30,), {'default': [], 'help_text': "What is said and heard, for those who can't hear it and those who watch without sound.", 'label': 'Captions', 'max_num': 4}), 32: ('wagtail.blocks.StructBlock', [[('film', 27), ('title', 24), ('poster', 25), ('captions', 31), ('caption', 12)]], {}), 33: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP3, M4A, Ogg or WAV; up to thirty minutes and 50 MB.', 'label': 'Sound'}), 34: ('wagtail.blocks.CharBlock', (), {'help_text': 'What one hears.', 'label': 'Title', 'max_length': 120}), 35: ('cms.core.blocks.TextBlock', (), {'help_text': "Word for word, for those who can't hear it.", 'label': 'What is said', 'required': False}), 36: ('wagtail.blocks.StructBlock', [[('sound', 33), ('title', 34), ('transcript', 35), ('caption', 12)]], {}), 37: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV.', 'label': 'Document'}), 38: ('wagtail.blocks.CharBlock', (), {'help_text': "What readers will find in it; else the file's own title.", 'label': 'Title', 'max_length': 120, 'required': False}), 39: ('wagtail.blocks.CharBlock', (), {'label': 'In one sentence', 'max_length': 200, 'required': False}), 40: ('wagtail.blocks.StructBlock', [[('document', 37), ('title', 38), ('description', 39)]], {}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 42: ('wagtail.blocks.RegexBlock', (), {'regex': '^\\d{4}-(0[1-9]|1[0-2])$'}), 43: ('wagtail.blocks.CharBlock', (), {'label': 'What', 'max_length': 120}), 44: ('wagtail.blocks.TextBlock', (), {'label': 'In a sentence or two', 'max_length': 400, 'required': False, 'rows': 2}), 45: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('done', 'Done'), ('now', 'Under way'), ('planned', 'Planned')], 'label': 'How far'}), 46: ('wagtail.blocks.StructBlock', [[('month', 42), ('title', 43), ('text', 44), ('progress', 45)]], {}), 47: ('wagtail.blocks.ListBlock', (46,), {'help_text': 'In the order of time; months, not days.', 'label': 'Steps', 'max_num': 24, 'min_num': 2}), 48: ('wagtail.blocks.StructBlock', [[('title', 41), ('steps', 47)]], {}), 49: ('wagtail.blocks.DateBlock', (), {'label': 'Day'}), 50: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('idea', 'Idea'), ('design', 'Design'), ('prototype', 'Prototype'), ('tooling', 'Tooling'), ('testing', 'Testing'), ('production', 'Production'), ('packing', 'Packing'), ('shipping', 'Shipping')], 'label': 'Stage'}), 51: ('wagtail.blocks.CharBlock', (), {'label': 'What happened', 'max_length': 120}), 52: ('cms.core.blocks.TextBlock', (), {'label': 'Text', 'required': False}), 53: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image', 'required': False}), 54: ('wagtail.blocks.CharBlock', (), {'label': 'What the picture shows', 'max_length': 200, 'required': False}), 55: ('wagtail.blocks.IntegerBlock', (), {'help_text': "Where you stand by your own judgement; leave it out if you can't say.", 'label': 'Percent of the whole work', 'max_value': 100, 'min_value': 0, 'required': False}), 56: ('wagtail.blocks.StructBlock', [[('date', 49), ('stage', 50), ('title', 51), ('text', 52), ('image', 53), ('alt', 54), ('percent', 55)]], {}), 57: ('wagtail.blocks.ListBlock', (56,), {'help_text': 'The newest first.', 'label': 'Entries', 'max_num': 100, 'min_num': 1}), 58: ('wagtail.blocks.StructBlock', [[('title', 41), ('entries', 57)]], {}), 59: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 80}), 60: ('wagtail.blocks.CharBlock', (), {'label': 'What they do here', 'max_length': 80}), 61: ('wagtail.blocks.TextBlock', (), {'help_text': 'What they have made before, in their own plain words.', 'label': 'Profile', 'max_length': 600, 'required': False, 'rows': 3}), 62: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Portrait', 'required': False}), 63: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 60}), 64: ('wagtail.blocks.URLBlock', (), {'label': 'Address', 'max_length': 300}), 65: ('wagtail.blocks.StructBlock', [[('label', 63), ('url', 64)]], {}), 66: ('wagtail.blocks.ListBlock', (65,), {'default': [], 'label': 'Elsewhere', 'max_num': 4}), 67: ('wagtail.blocks.StructBlock', [[('name', 59), ('role', 60), ('bio', 61), ('image', 62), ('alt', 54), ('links', 66)]], {}), 68: ('wagtail.blocks.ListBlock', (67,), {'label': 'People', 'max_num': 24, 'min_num': 1}), 69: ('wagtail.blocks.StructBlock', [[('title', 41), ('members', 68)]], {}), 70: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('CNY', 'CNY'), ('USD', 'USD'), ('EUR', 'EUR'), ('GBP', 'GBP'), ('HKD', 'HKD'), ('JPY', 'JPY'), ('KWD', 'KWD')], 'help_text': "The campaign's own.", 'label': 'Currency'}), 71: ('wagtail.blocks.CharBlock', (), {'label': 'What for', 'max_length': 120}), 72: ('wagtail.blocks.DecimalBlock', (), {'decimal_places': 3, 'label': 'Amount', 'max_digits': 14, 'min_value': 0}), 73: ('wagtail.blocks.CharBlock', (), {'label': 'Why so much', 'max_length': 200, 'required': False}), 74: ('wagtail.blocks.StructBlock', [[('title', 71), ('amount', 72), ('note', 73)]], {}), 75: ('wagtail.blocks.ListBlock', (74,), {'label': 'Lines', 'max_num': 40, 'min_num': 1}), 76: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the sum leaves out, or who pays for the rest.', 'label': 'Note', 'max_length': 300, 'required': False}), 77: ('wagtail.blocks.StructBlock', [[('currency', 70), ('lines', 75), ('note', 76)]], {}), 78: ('wagtail.blocks.CharBlock', (), {'label': 'What is compared', 'max_length': 120}), 79: ('wagtail.blocks.CharBlock', (), {'label': 'Column', 'max_length': 60}), 80: ('wagtail.blocks.ListBlock', (79,), {'help_text': 'Yours first; the others by kind, not to run anybody down.', 'label': 'Columns', 'max_num': 5, 'min_num': 2}), 81: ('wagtail.blocks.CharBlock', (), {'label': 'Property', 'max_length': 80}), 82: ('wagtail.blocks.CharBlock', (), {'label': 'Cell', 'max_length': 80, 'required': False}), 83: ('wagtail.blocks.ListBlock', (82,), {'help_text': 'One for each column, in their order; “yes” and “no” are shown as signs.', 'label': 'Cells', 'max_num': 5}), 84: ('wagtail.blocks.StructBlock', [[('feature', 81), ('cells', 83)]], {}), 85: ('wagtail.blocks.ListBlock', (84,), {'label': 'Rows', 'max_num': 30, 'min_num': 1}), 86: ('wagtail.blocks.StructBlock', [[('caption', 78), ('columns', 80), ('rows', 85)]], {}), 87: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Enter the key of a reward, as “Terms and rewards” shows it.'}, 'help_text': 'Its key; as long as there is no such reward, readers are led to all of them.', 'label': 'Reward', 'regex': '^[A-Za-z0-9_-]{1,40}$'}), 88: ('wagtail.blocks.CharBlock', (), {'label': 'Why this one', 'max_length': 200, 'required': False}), 89: ('wagtail.blocks.CharBlock', (), {'label': 'On the button', 'max_length': 40, 'required': False}), 90: ('wagtail.blocks.StructBlock', [[('reward', 87), ('text', 88), ('button', 89)]], {}), 91: ('wagtail.blocks.MultipleChoiceBlock', [], {'choices': [('none', 'Nothing was made by AI'), ('texts', 'Texts'), ('pictures', 'Pictures'), ('sound', 'Sound or music'), ('code', 'Software'), ('product', 'The product itself')], 'label': 'Made with generative AI'}), 92: ('wagtail.blocks.TextBlock', (), {'help_text': 'Which tools, for what, on whose works; not needed where nothing was.', 'label': 'How, and who checked it', 'max_length': 1000, 'required': False, 'rows': 3}), 93: ('wagtail.blocks.StructBlock', [[('uses', 91), ('statement', 92)]], {}), 94: ('wagtail.blocks.CharBlock', (), {'label': 'Property', 'max_length': 60}), 95: ('wagtail.blocks.CharBlock', (), {'label': 'Value', 'max_length': 160}), 96: ('wagtail.blocks.StructBlock', [[('name', 94), ('value', 95)]], {}), 97: ('wagtail.blocks.ListBlock', (96,), {'label': 'Properties', 'max_num': 40, 'min_num': 1}), 98: ('wagtail.blocks.StructBlock', [[('title', 41), ('items', 97)]], {}), 99: ('wagtail.blocks.IntegerBlock', (), {'label': 'Pages', 'max_value': 100000, 'min_value': 1, 'required': False}), 100: ('wagtail.blocks.CharBlock', (), {'help_text': 'Width × height, for example 210 × 297 mm.', 'label': 'Format', 'max_length': 120, 'required': False}), 101: ('wagtail.blocks.CharBlock', (), {'label': 'Paper', 'max_length': 120, 'required': False}), 102: ('wagtail.blocks.CharBlock', (), {'label': 'Binding', 'max_length': 120, 'required': False}), 103: ('wagtail.blocks.CharBlock', (), {'label': 'Language of the text', 'max_length': 120, 'required': False}), 104: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('all', 'For all ages'), ('6', '6+'), ('12', '12+'), ('16', '16+'), ('18', '18+')], 'label': 'Age rating'}), 105: ('wagtail.blocks.ListBlock', (96,), {'default': [], 'label': 'More properties', 'max_num': 30}), 106: ('wagtail.blocks.StructBlock', [[('title', 41), ('pages', 99), ('size', 100), ('paper', 101), ('binding', 102), ('language', 103), ('age_rating', 104), ('more', 105)]], {}), 107: ('wagtail.blocks.CharBlock', (), {'help_text': 'For example 1/7.', 'label': 'Scale', 'max_length': 120, 'required': False}), 108: ('wagtail.blocks.IntegerBlock', (), {'label': 'Height in mm', 'max_value': 5000, 'min_value': 1, 'required': False}), 109: ('wagtail.blocks.CharBlock', (), {'label': 'Material', 'max_length': 120, 'required': False}), 110: ('wagtail.blocks.IntegerBlock', (), {'label': 'Parts', 'max_value': 5000, 'min_value': 1, 'required': False}), 111: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('painted', 'Painted'), ('kit', 'Kit, unpainted'), ('partly', 'Partly painted')], 'label': 'Finish', 'required': False}), 112: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who holds the rights to the character; empty for your own.', 'label': 'Licensed by', 'max_length': 120, 'required': False}), 113: ('wagtail.blocks.StructBlock', [[('title', 41), ('scale', 107), ('height_mm', 108), ('material', 109), ('parts', 110), ('painted', 111), ('license', 112), ('age_rating', 104), ('more', 105)]], {}), 114: ('wagtail.blocks.IntegerBlock', (), {'label': 'Players at least', 'max_value': 1000, 'min_value': 1, 'required': False}), 115: ('wagtail.blocks.IntegerBlock', (), {'label': 'Players at most', 'max_value': 1000, 'min_value': 1, 'required': False}), 116: ('wagtail.blocks.IntegerBlock', (), {'label': 'Minutes a game', 'max_value': 10000, 'min_value': 1, 'required': False}), 117: ('wagtail.blocks.CharBlock', (), {'help_text': 'A table, Windows, a phone…', 'label': 'Played on', 'max_length': 120, 'required': False}), 118: ('wagtail.blocks.StructBlock', [[('title', 41), ('players_min', 114), ('players_max', 115), ('minutes', 116), ('platform', 117), ('language', 103), ('age_rating', 104), ('more', 105)]], {})}, verbose_name='story')),
                ('risks', models.TextField(blank=True, help_text='What could go wrong or take longer, and what you will do then. Backers trust those who say so.', max_length=3000, verbose_name='risks and how you meet them')),
            ],
            options={
                'verbose_name': 'campaign page',
                'verbose_name_plural': 'campaign pages',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='CampaignTemplateIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'campaign templates',
                'verbose_name_plural': 'campaign templates',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=cms.core.keys.new_key, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('reward', 'Reward'), ('donation', 'Donation'), ('equity', 'Equity')], default='reward', max_length=10)),
                ('state', models.CharField(default=campaigns.states.CampaignState['DRAFT'], max_length=20)),
                ('goal', models.BigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('mode', models.CharField(choices=[('all_or_nothing', 'all or nothing'), ('keep_it_all', 'keep it all')], default='all_or_nothing', max_length=20)),
                ('duration_days', models.PositiveIntegerField(blank=True, null=True)),
                ('deadline', models.DateTimeField(blank=True, null=True)),
                ('timezone', models.CharField(default='Asia/Shanghai', max_length=64)),
                ('terms_revision', models.PositiveIntegerField(default=0)),
                ('launch_at', models.DateTimeField(blank=True, help_text='a launch that waits for its time', null=True)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to=settings.AUTH_USER_MODEL)),
                ('escrow', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaign', to='funding.escrow')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
            },
        ),
        migrations.CreateModel(
            name='Calculation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('terms_revision', models.PositiveIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('sheet', models.JSONField()),
                ('goal', models.BigIntegerField(null=True)),
                ('break_even', models.PositiveIntegerField(null=True)),
                ('minimum_goal', models.BigIntegerField(null=True)),
                ('left_at_goal', models.BigIntegerField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calculations', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CampaignListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locale', models.CharField(max_length=10)),
                ('page_id', models.PositiveBigIntegerField()),
                ('url_path', models.CharField(max_length=300)),
                ('title', models.CharField(max_length=255)),
                ('summary', models.CharField(blank=True, max_length=255)),
                ('creator_name', models.CharField(max_length=80)),
                ('creator_key', models.CharField(blank=True, max_length=20)),
                ('creator_verified', models.BooleanField(default=False)),
                ('kind', models.CharField(max_length=10)),
                ('category_slug', models.SlugField(blank=True)),
                ('category_root', models.SlugField(blank=True)),
                ('image', models.JSONField(default=dict, help_text='{alt, width, height, focal_point, sources}')),
                ('visible', models.BooleanField(default=True)),
                ('state', models.CharField(help_text="prelaunch or the escrow's", max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('goal', models.BigIntegerField()),
                ('raised', models.BigIntegerField(default=0)),
                ('backers', models.PositiveIntegerField(default=0)),
                ('percent_bps', models.BigIntegerField(default=0, help_text='raised of goal in basis points')),
                ('trend', models.FloatField(default=0)),
                ('listed_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('launched_at', models.DateTimeField(null=True)),
                ('deadline', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listings', to='campaigns.campaign')),
            ],
        ),
        migrations.CreateModel(
            name='DonationCampaignPage',
            fields=[
                ('campaignpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='campaigns.campaignpage')),
            ],
            options={
                'verbose_name': 'donation campaign',
                'verbose_name_plural': 'donation campaigns',
            },
            bases=('campaigns.campaignpage',),
        ),
        migrations.CreateModel(
            name='EquityCampaignPage',
            fields=[
                ('campaignpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='campaigns.campaignpage')),
            ],
            options={
                'verbose_name': 'equity campaign',
                'verbose_name_plural': 'equity campaigns',
            },
            bases=('campaigns.campaignpage',),
        ),
        migrations.CreateModel(
            name='RewardCampaignPage',
            fields=[
                ('campaignpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='campaigns.campaignpage')),
            ],
            options={
                'verbose_name': 'reward campaign',
                'verbose_name_plural': 'reward campaigns',
            },
            bases=('campaigns.campaignpage',),
        ),
        migrations.AddField(
            model_name='campaignpage',
            name='campaign',
            field=models.ForeignKey(blank=True, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='campaignpage',
            name='hero_image',
            field=models.ForeignKey(blank=True, help_text='At least 1200 × 800 pixels; cards crop it to 3:2.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.image', verbose_name='main picture'),
        ),
        migrations.CreateModel(
            name='CampaignPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='campaigns.campaign')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaign_pictures', to='images.image')),
            ],
        ),
        migrations.CreateModel(
            name='CampaignReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'campaign review',
                'verbose_name_plural': 'campaign reviews',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='CampaignUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('key', models.CharField(default=cms.core.keys.new_key, editable=False, max_length=20, unique=True)),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('locale', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 4), ('faq', 9), ('image', 13), ('gallery', 15), ('before_after', 22), ('video', 26), ('film', 32), ('audio', 36), ('document', 40), ('timeline', 48), ('log', 58), ('reward', 62)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.blocks.TextBlock', (), {'help_text': 'Their words as they said them, without quotation marks.', 'label': 'Quote', 'max_length': 600, 'rows': 3}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'A name, and what they have to do with it.', 'label': 'Who said it', 'max_length': 120, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('text', 2), ('attribution', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 6: ('cms.core.blocks.TextBlock', (), {'label': 'Answer'}), 7: ('wagtail.blocks.StructBlock', [[('question', 5), ('answer', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'help_text': 'What people ask before they back: shipping, sizes, what happens when it is late.', 'label': 'Questions', 'max_num': 40, 'min_num': 1}), 9: ('wagtail.blocks.StructBlock', [[('items', 8)]], {}), 10: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': "Its focal point, set in the picture's own form, stays in sight when it is cropped.", 'label': 'Image'}), 11: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture shows', 'max_length': 200, 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('image', 10), ('alt', 11), ('caption', 12)]], {}), 14: ('wagtail.blocks.ListBlock', (13,), {'help_text': 'Two to twenty-four, in the order of showing.', 'label': 'Pictures', 'max_num': 24, 'min_num': 2}), 15: ('wagtail.blocks.StructBlock', [[('pictures', 14), ('caption', 12)]], {}), 16: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture before'}), 17: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture before shows', 'max_length': 200, 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state before', 'max_length': 30, 'required': False}), 19: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Taken from the same place and of the same shape, so that they lie over each other.', 'label': 'Picture after'}), 20: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture after shows', 'max_length': 200, 'required': False}), 21: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state after', 'max_length': 30, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('before', 16), ('before_alt', 17), ('before_label', 18), ('after', 19), ('after_alt', 20), ('after_label', 21), ('caption', 12)]], {}), 23: ('wagtail.embeds.blocks.EmbedBlock', (), {'help_text': "As it stands in the browser's address bar on YouTube, Vimeo or Bilibili.", 'label': 'Address of the video'}), 24: ('wagtail.blocks.CharBlock', (), {'help_text': "What it is called, for those who can't see it.", 'label': 'Title', 'max_length': 120, 'required': False}), 25: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Shown until the film plays; it needs no description of its own.', 'label': 'Still', 'required': False}), 26: ('wagtail.blocks.StructBlock', [[('url', 23), ('title', 24), ('poster', 25), ('caption', 12)]], {}), 27: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP4 with H.264, or WebM; up to ten minutes and 200 MB.', 'label': 'Film'}), 28: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A WebVTT file (.vtt).', 'label': 'Captions'}), 29: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('en', 'English'), ('zh-hans', 'Simplified Chinese')], 'label': 'Language'}), 30: ('wagtail.blocks.StructBlock', [[('file', 28), ('language', 29)]], {}), 31: ('wagtail.blocks.ListBlock', (30,), {'default': [], 'help_text': "What is said and heard, for those who can't hear it and those who watch without sound.", 'label': 'Captions', 'max_num': 4}), 32: ('wagtail.blocks.StructBlock', [[('film', 27), ('title', 24), ('poster', 25), ('captions', 31), ('caption', 12)]], {}), 33: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP3, M4A, Ogg or WAV; up to thirty minutes and 50 MB.', 'label': 'Sound'}), 34: ('wagtail.blocks.CharBlock', (), {'help_text': 'What one hears.', 'label': 'Title', 'max_length': 120}), 35: ('cms.core.blocks.TextBlock', (), {'help_text': "Word for word, for those who can't hear it.", 'label': 'What is said', 'required': False}), 36: ('wagtail.blocks.StructBlock', [[('sound', 33), ('title', 34), ('transcript', 35), ('caption', 12)]], {}), 37: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV.', 'label': 'Document'}), 38: ('wagtail.blocks.CharBlock', (), {'help_text': "What readers will find in it; else the file's own title.", 'label': 'Title', 'max_length': 120, 'required': False}), 39: ('wagtail.blocks.CharBlock', (), {'label': 'In one sentence', 'max_length': 200, 'required': False}), 40: ('wagtail.blocks.StructBlock', [[('document', 37), ('title', 38), ('description', 39)]], {}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 42: ('wagtail.blocks.RegexBlock', (), {'regex': '^\\d{4}-(0[1-9]|1[0-2])$'}), 43: ('wagtail.blocks.CharBlock', (), {'label': 'What', 'max_length': 120}), 44: ('wagtail.blocks.TextBlock', (), {'label': 'In a sentence or two', 'max_length': 400, 'required': False, 'rows': 2}), 45: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('done', 'Done'), ('now', 'Under way'), ('planned', 'Planned')], 'label': 'How far'}), 46: ('wagtail.blocks.StructBlock', [[('month', 42), ('title', 43), ('text', 44), ('progress', 45)]], {}), 47: ('wagtail.blocks.ListBlock', (46,), {'help_text': 'In the order of time; months, not days.', 'label': 'Steps', 'max_num': 24, 'min_num': 2}), 48: ('wagtail.blocks.StructBlock', [[('title', 41), ('steps', 47)]], {}), 49: ('wagtail.blocks.DateBlock', (), {'label': 'Day'}), 50: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('idea', 'Idea'), ('design', 'Design'), ('prototype', 'Prototype'), ('tooling', 'Tooling'), ('testing', 'Testing'), ('production', 'Production'), ('packing', 'Packing'), ('shipping', 'Shipping')], 'label': 'Stage'}), 51: ('wagtail.blocks.CharBlock', (), {'label': 'What happened', 'max_length': 120}), 52: ('cms.core.blocks.TextBlock', (), {'label': 'Text', 'required': False}), 53: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image', 'required': False}), 54: ('wagtail.blocks.CharBlock', (), {'label': 'What the picture shows', 'max_length': 200, 'required': False}), 55: ('wagtail.blocks.IntegerBlock', (), {'help_text': "Where you stand by your own judgement; leave it out if you can't say.", 'label': 'Percent of the whole work', 'max_value': 100, 'min_value': 0, 'required': False}), 56: ('wagtail.blocks.StructBlock', [[('date', 49), ('stage', 50), ('title', 51), ('text', 52), ('image', 53), ('alt', 54), ('percent', 55)]], {}), 57: ('wagtail.blocks.ListBlock', (56,), {'help_text': 'The newest first.', 'label': 'Entries', 'max_num': 100, 'min_num': 1}), 58: ('wagtail.blocks.StructBlock', [[('title', 41), ('entries', 57)]], {}), 59: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Enter the key of a reward, as “Terms and rewards” shows it.'}, 'help_text': 'Its key; as long as there is no such reward, readers are led to all of them.', 'label': 'Reward', 'regex': '^[A-Za-z0-9_-]{1,40}$'}), 60: ('wagtail.blocks.CharBlock', (), {'label': 'Why this one', 'max_length': 200, 'required': False}), 61: ('wagtail.blocks.CharBlock', (), {'label': 'On the button', 'max_length': 40, 'required': False}), 62: ('wagtail.blocks.StructBlock', [[('reward', 59), ('text', 60), ('button', 61)]], {})}, verbose_name='text')),
                ('audience', models.CharField(choices=[('public', 'Everybody'), ('backers', 'Backers only')], default='public', help_text='Backers only: shown to signed-in backers and mailed to them, and nowhere else.', max_length=10, verbose_name='who may read it')),
                ('publish_at', models.DateTimeField(blank=True, help_text='Leave empty to publish it yourself.', null=True, verbose_name='publish at')),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('mailed_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow(), editable=False)),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='campaigns.campaign', verbose_name='campaign')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
            ],
            options={
                'verbose_name': 'update',
                'verbose_name_plural': 'updates',
                'ordering': ['-published_at', '-pk'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='CampaignVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locale', models.CharField(max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('hash', models.CharField(help_text='SHA-256 of the canonical JSON of `content`', max_length=64)),
                ('content', models.JSONField()),
                ('reason', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='campaigns.campaign')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='campaigns.campaignpage')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='name in addresses')),
                ('name_en', models.CharField(max_length=60, verbose_name='name (English)')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='campaigns.category', verbose_name='parent category')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='CampaignTemplatePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.CharField(blank=True, help_text='One sentence, on the card that creators choose.', max_length=160, verbose_name='for whom it is')),
                ('kind', models.CharField(blank=True, choices=[('reward', 'Reward'), ('donation', 'Donation')], help_text='Left empty, it suits campaigns with rewards and those for donations.', max_length=10, verbose_name='kind')),
                ('motif', models.CharField(choices=[('blank', 'Blank sheet'), ('device', 'Device'), ('book', 'Book'), ('figure', 'Figure'), ('game', 'Dice'), ('craft', 'Vase'), ('heart', 'Hands'), ('field', 'Field'), ('film', 'Film')], default='blank', max_length=10, verbose_name='drawing')),
                ('story', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 4), ('faq', 9), ('image', 13), ('gallery', 15), ('before_after', 22), ('video', 26), ('film', 32), ('audio', 36), ('document', 40), ('timeline', 48), ('log', 58), ('team', 69), ('budget', 77), ('comparison', 86), ('reward', 90), ('ai_use', 93), ('spec', 98), ('artbook', 106), ('figure', 113), ('game', 118)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.blocks.TextBlock', (), {'help_text': 'Their words as they said them, without quotation marks.', 'label': 'Quote', 'max_length': 600, 'rows': 3}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'A name, and what they have to do with it.', 'label': 'Who said it', 'max_length': 120, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('text', 2), ('attribution', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 6: ('cms.core.blocks.TextBlock', (), {'label': 'Answer'}), 7: ('wagtail.blocks.StructBlock', [[('question', 5), ('answer', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'help_text': 'What people ask before they back: shipping, sizes, what happens when it is late.', 'label': 'Questions', 'max_num': 40, 'min_num': 1}), 9: ('wagtail.blocks.StructBlock', [[('items', 8)]], {}), 10: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': "Its focal point, set in the picture's own form, stays in sight when it is cropped.", 'label': 'Image'}), 11: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture shows', 'max_length': 200, 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('image', 10), ('alt', 11), ('caption', 12)]], {}), 14: ('wagtail.blocks.ListBlock', (13,), {'help_text': 'Two to twenty-four, in the order of showing.', 'label': 'Pictures', 'max_num': 24, 'min_num': 2}), 15: ('wagtail.blocks.StructBlock', [[('pictures', 14), ('caption', 12)]], {}), 16: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture before'}), 17: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture before shows', 'max_length': 200, 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state before', 'max_length': 30, 'required': False}), 19: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Taken from the same place and of the same shape, so that they lie over each other.', 'label': 'Picture after'}), 20: ('wagtail.blocks.CharBlock', (), {'help_text': "One sentence, read aloud to those who can't see it. A campaign can't be submitted without.", 'label': 'What the picture after shows', 'max_length': 200, 'required': False}), 21: ('wagtail.blocks.CharBlock', (), {'label': 'Name of the state after', 'max_length': 30, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('before', 16), ('before_alt', 17), ('before_label', 18), ('after', 19), ('after_alt', 20), ('after_label', 21), ('caption', 12)]], {}), 23: ('wagtail.embeds.blocks.EmbedBlock', (), {'help_text': "As it stands in the browser's address bar on YouTube, Vimeo or Bilibili.", 'label': 'Address of the video'}), 24: ('wagtail.blocks.CharBlock', (), {'help_text': "What it is called, for those who can't see it.", 'label': 'Title', 'max_length': 120, 'required': False}), 25: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Shown until the film plays; it needs no description of its own.', 'label': 'Still', 'required': False}), 26: ('wagtail.blocks.StructBlock', [[('url', 23), ('title', 24), ('poster', 25), ('caption', 12)]], {}), 27: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP4 with H.264, or WebM; up to ten minutes and 200 MB.', 'label': 'Film'}), 28: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A WebVTT file (.vtt).', 'label': 'Captions'}), 29: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('en', 'English'), ('zh-hans', 'Simplified Chinese')], 'label': 'Language'}), 30: ('wagtail.blocks.StructBlock', [[('file', 28), ('language', 29)]], {}), 31: ('wagtail.blocks.ListBlock', (30,), {'default': [], 'help_text': "What is said and heard, for those who can't hear it and those who watch without sound.", 'label': 'Captions', 'max_num': 4}), 32: ('wagtail.blocks.StructBlock', [[('film', 27), ('title', 24), ('poster', 25), ('captions', 31), ('caption', 12)]], {}), 33: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'MP3, M4A, Ogg or WAV; up to thirty minutes and 50 MB.', 'label': 'Sound'}), 34: ('wagtail.blocks.CharBlock', (), {'help_text': 'What one hears.', 'label': 'Title', 'max_length': 120}), 35: ('cms.core.blocks.TextBlock', (), {'help_text': "Word for word, for those who can't hear it.", 'label': 'What is said', 'required': False}), 36: ('wagtail.blocks.StructBlock', [[('sound', 33), ('title', 34), ('transcript', 35), ('caption', 12)]], {}), 37: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV.', 'label': 'Document'}), 38: ('wagtail.blocks.CharBlock', (), {'help_text': "What readers will find in it; else the file's own title.", 'label': 'Title', 'max_length': 120, 'required': False}), 39: ('wagtail.blocks.CharBlock', (), {'label': 'In one sentence', 'max_length': 200, 'required': False}), 40: ('wagtail.blocks.StructBlock', [[('document', 37), ('title', 38), ('description', 39)]], {}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 42: ('wagtail.blocks.RegexBlock', (), {'regex': '^\\d{4}-(0[1-9]|1[0-2])$'}), 43: ('wagtail.blocks.CharBlock', (), {'label': 'What', 'max_length': 120}), 44: ('wagtail.blocks.TextBlock', (), {'label': 'In a sentence or two', 'max_length': 400, 'required': False, 'rows': 2}), 45: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('done', 'Done'), ('now', 'Under way'), ('planned', 'Planned')], 'label': 'How far'}), 46: ('wagtail.blocks.StructBlock', [[('month', 42), ('title', 43), ('text', 44), ('progress', 45)]], {}), 47: ('wagtail.blocks.ListBlock', (46,), {'help_text': 'In the order of time; months, not days.', 'label': 'Steps', 'max_num': 24, 'min_num': 2}), 48: ('wagtail.blocks.StructBlock', [[('title', 41), ('steps', 47)]], {}), 49: ('wagtail.blocks.DateBlock', (), {'label': 'Day'}), 50: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('idea', 'Idea'), ('design', 'Design'), ('prototype', 'Prototype'), ('tooling', 'Tooling'), ('testing', 'Testing'), ('production', 'Production'), ('packing', 'Packing'), ('shipping', 'Shipping')], 'label': 'Stage'}), 51: ('wagtail.blocks.CharBlock', (), {'label': 'What happened', 'max_length': 120}), 52: ('cms.core.blocks.TextBlock', (), {'label': 'Text', 'required': False}), 53: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image', 'required': False}), 54: ('wagtail.blocks.CharBlock', (), {'label': 'What the picture shows', 'max_length': 200, 'required': False}), 55: ('wagtail.blocks.IntegerBlock', (), {'help_text': "Where you stand by your own judgement; leave it out if you can't say.", 'label': 'Percent of the whole work', 'max_value': 100, 'min_value': 0, 'required': False}), 56: ('wagtail.blocks.StructBlock', [[('date', 49), ('stage', 50), ('title', 51), ('text', 52), ('image', 53), ('alt', 54), ('percent', 55)]], {}), 57: ('wagtail.blocks.ListBlock', (56,), {'help_text': 'The newest first.', 'label': 'Entries', 'max_num': 100, 'min_num': 1}), 58: ('wagtail.blocks.StructBlock', [[('title', 41), ('entries', 57)]], {}), 59: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 80}), 60: ('wagtail.blocks.CharBlock', (), {'label': 'What they do here', 'max_length': 80}), 61: ('wagtail.blocks.TextBlock', (), {'help_text': 'What they have made before, in their own plain words.', 'label': 'Profile', 'max_length': 600, 'required': False, 'rows': 3}), 62: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Portrait', 'required': False}), 63: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 60}), 64: ('wagtail.blocks.URLBlock', (), {'label': 'Address', 'max_length': 300}), 65: ('wagtail.blocks.StructBlock', [[('label', 63), ('url', 64)]], {}), 66: ('wagtail.blocks.ListBlock', (65,), {'default': [], 'label': 'Elsewhere', 'max_num': 4}), 67: ('wagtail.blocks.StructBlock', [[('name', 59), ('role', 60), ('bio', 61), ('image', 62), ('alt', 54), ('links', 66)]], {}), 68: ('wagtail.blocks.ListBlock', (67,), {'label': 'People', 'max_num': 24, 'min_num': 1}), 69: ('wagtail.blocks.StructBlock', [[('title', 41), ('members', 68)]], {}), 70: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('CNY', 'CNY'), ('USD', 'USD'), ('EUR', 'EUR'), ('GBP', 'GBP'), ('HKD', 'HKD'), ('JPY', 'JPY'), ('KWD', 'KWD')], 'help_text': "The campaign's own.", 'label': 'Currency'}), 71: ('wagtail.blocks.CharBlock', (), {'label': 'What for', 'max_length': 120}), 72: ('wagtail.blocks.DecimalBlock', (), {'decimal_places': 3, 'label': 'Amount', 'max_digits': 14, 'min_value': 0}), 73: ('wagtail.blocks.CharBlock', (), {'label': 'Why so much', 'max_length': 200, 'required': False}), 74: ('wagtail.blocks.StructBlock', [[('title', 71), ('amount', 72), ('note', 73)]], {}), 75: ('wagtail.blocks.ListBlock', (74,), {'label': 'Lines', 'max_num': 40, 'min_num': 1}), 76: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the sum leaves out, or who pays for the rest.', 'label': 'Note', 'max_length': 300, 'required': False}), 77: ('wagtail.blocks.StructBlock', [[('currency', 70), ('lines', 75), ('note', 76)]], {}), 78: ('wagtail.blocks.CharBlock', (), {'label': 'What is compared', 'max_length': 120}), 79: ('wagtail.blocks.CharBlock', (), {'label': 'Column', 'max_length': 60}), 80: ('wagtail.blocks.ListBlock', (79,), {'help_text': 'Yours first; the others by kind, not to run anybody down.', 'label': 'Columns', 'max_num': 5, 'min_num': 2}), 81: ('wagtail.blocks.CharBlock', (), {'label': 'Property', 'max_length': 80}), 82: ('wagtail.blocks.CharBlock', (), {'label': 'Cell', 'max_length': 80, 'required': False}), 83: ('wagtail.blocks.ListBlock', (82,), {'help_text': 'One for each column, in their order; “yes” and “no” are shown as signs.', 'label': 'Cells', 'max_num': 5}), 84: ('wagtail.blocks.StructBlock', [[('feature', 81), ('cells', 83)]], {}), 85: ('wagtail.blocks.ListBlock', (84,), {'label': 'Rows', 'max_num': 30, 'min_num': 1}), 86: ('wagtail.blocks.StructBlock', [[('caption', 78), ('columns', 80), ('rows', 85)]], {}), 87: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Enter the key of a reward, as “Terms and rewards” shows it.'}, 'help_text': 'Its key; as long as there is no such reward, readers are led to all of them.', 'label': 'Reward', 'regex': '^[A-Za-z0-9_-]{1,40}$'}), 88: ('wagtail.blocks.CharBlock', (), {'label': 'Why this one', 'max_length': 200, 'required': False}), 89: ('wagtail.blocks.CharBlock', (), {'label': 'On the button', 'max_length': 40, 'required': False}), 90: ('wagtail.blocks.StructBlock', [[('reward', 87), ('text', 88), ('button', 89)]], {}), 91: ('wagtail.blocks.MultipleChoiceBlock', [], {'choices': [('none', 'Nothing was made by AI'), ('texts', 'Texts'), ('pictures', 'Pictures'), ('sound', 'Sound or music'), ('code', 'Software'), ('product', 'The product itself')], 'label': 'Made with generative AI'}), 92: ('wagtail.blocks.TextBlock', (), {'help_text': 'Which tools, for what, on whose works; not needed where nothing was.', 'label': 'How, and who checked it', 'max_length': 1000, 'required': False, 'rows': 3}), 93: ('wagtail.blocks.StructBlock', [[('uses', 91), ('statement', 92)]], {}), 94: ('wagtail.blocks.CharBlock', (), {'label': 'Property', 'max_length': 60}), 95: ('wagtail.blocks.CharBlock', (), {'label': 'Value', 'max_length': 160}), 96: ('wagtail.blocks.StructBlock', [[('name', 94), ('value', 95)]], {}), 97: ('wagtail.blocks.ListBlock', (96,), {'label': 'Properties', 'max_num': 40, 'min_num': 1}), 98: ('wagtail.blocks.StructBlock', [[('title', 41), ('items', 97)]], {}), 99: ('wagtail.blocks.IntegerBlock', (), {'label': 'Pages', 'max_value': 100000, 'min_value': 1, 'required': False}), 100: ('wagtail.blocks.CharBlock', (), {'help_text': 'Width × height, for example 210 × 297 mm.', 'label': 'Format', 'max_length': 120, 'required': False}), 101: ('wagtail.blocks.CharBlock', (), {'label': 'Paper', 'max_length': 120, 'required': False}), 102: ('wagtail.blocks.CharBlock', (), {'label': 'Binding', 'max_length': 120, 'required': False}), 103: ('wagtail.blocks.CharBlock', (), {'label': 'Language of the text', 'max_length': 120, 'required': False}), 104: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('all', 'For all ages'), ('6', '6+'), ('12', '12+'), ('16', '16+'), ('18', '18+')], 'label': 'Age rating'}), 105: ('wagtail.blocks.ListBlock', (96,), {'default': [], 'label': 'More properties', 'max_num': 30}), 106: ('wagtail.blocks.StructBlock', [[('title', 41), ('pages', 99), ('size', 100), ('paper', 101), ('binding', 102), ('language', 103), ('age_rating', 104), ('more', 105)]], {}), 107: ('wagtail.blocks.CharBlock', (), {'help_text': 'For example 1/7.', 'label': 'Scale', 'max_length': 120, 'required': False}), 108: ('wagtail.blocks.IntegerBlock', (), {'label': 'Height in mm', 'max_value': 5000, 'min_value': 1, 'required': False}), 109: ('wagtail.blocks.CharBlock', (), {'label': 'Material', 'max_length': 120, 'required': False}), 110: ('wagtail.blocks.IntegerBlock', (), {'label': 'Parts', 'max_value': 5000, 'min_value': 1, 'required': False}), 111: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('painted', 'Painted'), ('kit', 'Kit, unpainted'), ('partly', 'Partly painted')], 'label': 'Finish', 'required': False}), 112: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who holds the rights to the character; empty for your own.', 'label': 'Licensed by', 'max_length': 120, 'required': False}), 113: ('wagtail.blocks.StructBlock', [[('title', 41), ('scale', 107), ('height_mm', 108), ('material', 109), ('parts', 110), ('painted', 111), ('license', 112), ('age_rating', 104), ('more', 105)]], {}), 114: ('wagtail.blocks.IntegerBlock', (), {'label': 'Players at least', 'max_value': 1000, 'min_value': 1, 'required': False}), 115: ('wagtail.blocks.IntegerBlock', (), {'label': 'Players at most', 'max_value': 1000, 'min_value': 1, 'required': False}), 116: ('wagtail.blocks.IntegerBlock', (), {'label': 'Minutes a game', 'max_value': 10000, 'min_value': 1, 'required': False}), 117: ('wagtail.blocks.CharBlock', (), {'help_text': 'A table, Windows, a phone…', 'label': 'Played on', 'max_length': 120, 'required': False}), 118: ('wagtail.blocks.StructBlock', [[('title', 41), ('players_min', 114), ('players_max', 115), ('minutes', 116), ('platform', 117), ('language', 103), ('age_rating', 104), ('more', 105)]], {})}, help_text="What creators are to replace begins with ✎: a story with any such hint left can't be submitted. Fields may stay empty.", verbose_name='skeleton of the story')),
                ('risks', models.TextField(blank=True, max_length=1000, verbose_name='hint for the risks')),
                ('checklist', wagtail.fields.StreamField([('item', 0)], blank=True, block_lookup={0: ('campaigns.models.templates.ChecklistItemBlock', (), {'max_length': 160})}, help_text='Shown beside what every campaign needs; creators tick it themselves.', verbose_name='checklist')),
                ('reward_title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                ('reward_description', models.CharField(blank=True, max_length=500, verbose_name='description')),
                ('reward_price', models.PositiveIntegerField(blank=True, help_text='The first reward is made with it, by mail or in digital form; creators may change or remove it.', null=True, verbose_name='price in yuan')),
                ('picture', models.ForeignKey(blank=True, help_text='In place of the drawing.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.image', verbose_name='picture')),
                ('category', models.ForeignKey(blank=True, help_text="The new campaign's, where its creator names none.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'campaign template',
                'verbose_name_plural': 'campaign templates',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='campaign',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='campaigns.category'),
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('position', models.PositiveIntegerField(default=0)),
                ('words_en', models.CharField(blank=True, max_length=160)),
                ('words_zh', models.CharField(blank=True, max_length=160)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist_items', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'checklist item',
                'verbose_name_plural': 'checklist items',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Collaborator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=3)),
                ('invited_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('link_until', models.DateTimeField()),
                ('link_number', models.PositiveIntegerField(default=1)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('declined', 'Declined'), ('left', 'Left'), ('removed', 'Removed'), ('revoked', 'Invitation taken back')], max_length=10)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collaborators', to='campaigns.campaign')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='collaborations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'collaborator',
                'verbose_name_plural': 'collaborators',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reward_key', models.CharField(max_length=20)),
                ('promised', models.DateField(help_text='the first of the month that was promised')),
                ('month', models.DateField(help_text='the first of the month that is expected now')),
                ('reason', models.TextField()),
                ('moved_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('leave_until', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delivery_moves', to='campaigns.campaign')),
                ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='FactSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=list)),
                ('saved_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fact_sheet', to='campaigns.campaign')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FeasibilitySheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(blank=True, choices=[('idea', 'An idea, nothing built yet'), ('rendering', 'Drawings or renderings'), ('prototype', 'A working prototype'), ('samples', 'Samples from the maker'), ('production', 'In production')], max_length=12, verbose_name='how far it is')),
                ('evidence', models.TextField(blank=True, help_text='What the prototype does today, how it was tested, and where that can be seen.', max_length=3000, verbose_name='what shows it')),
                ('uses_renderings', models.BooleanField(default=False, help_text='Each of them says so in its caption: rendering, mock-up, 效果图 or 渲染图.', verbose_name='some pictures of the story are renderings')),
                ('delivery_plan', models.TextField(blank=True, help_text='Who makes it, in which steps, who packs and ships it, and what happens when a step fails.', max_length=3000, verbose_name='delivery plan')),
                ('lead_weeks', models.PositiveIntegerField(blank=True, null=True, verbose_name="weeks from the campaign's end to shipping")),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feasibility', to='campaigns.campaign')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.image', verbose_name='photograph of the prototype')),
            ],
            options={
                'verbose_name': 'feasibility sheet',
                'verbose_name_plural': 'feasibility sheets',
            },
        ),
        migrations.CreateModel(
            name='ListingText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('listing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='text', to='campaigns.campaignlisting')),
            ],
        ),
        migrations.CreateModel(
            name='PayoutProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('proposed_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('answer', models.CharField(blank=True, choices=[('confirmed', 'Confirmed'), ('declined', 'Declined')], max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_proposals', to='campaigns.campaign')),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_proposals', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PictureFingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hashes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('first_seen', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='images.image')),
            ],
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.JSONField()),
                ('seed', models.CharField(max_length=40)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('label', models.CharField(blank=True, max_length=80, verbose_name='for whom')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='campaigns.campaignpage')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
            ],
            options={
                'verbose_name': 'preview link',
                'verbose_name_plural': 'preview links',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PreviewComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('text', models.TextField(max_length=2000, verbose_name='comment')),
                ('part', models.CharField(blank=True, max_length=60)),
                ('part_label', models.CharField(blank=True, max_length=120)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='campaigns.previewlink')),
            ],
            options={
                'verbose_name': 'comment on a draft',
                'verbose_name_plural': 'comments on drafts',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('fraud', 'It looks like a fraud'), ('rights', 'It uses my work, name or brand without leave'), ('forbidden', 'It offers something that is forbidden'), ('misleading', 'It says things that are not true'), ('hurtful', 'It insults or endangers people'), ('other', 'Something else')], max_length=12)),
                ('state', models.CharField(choices=[('open', 'Waiting'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('opened_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_cases', to='campaigns.campaign')),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['opened_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CampaignReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=64)),
                ('network', models.CharField(blank=True, help_text='keyed hash of the address it came from', max_length=64)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('locale', models.CharField(max_length=10)),
                ('text', models.TextField(max_length=6000)),
                ('work', models.TextField(blank=True, help_text='of a claim of rights: which, shown where', max_length=2000)),
                ('times', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.reportcase')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateTimeField(db_default=cms.core.clock.AppNow(), verbose_name='in force from')),
                ('sla_hours', models.PositiveIntegerField(default=48, verbose_name='hours until a decision is owed')),
                ('claim_minutes', models.PositiveIntegerField(default=60, verbose_name='minutes that a claim lasts')),
                ('second_reviewer_limits', models.JSONField(default=campaigns.models.reviewers.default_limits, verbose_name='goals above which two people decide')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-effective_from', '-pk'],
                'permissions': [('lead_reviews', 'Can lead the reviews')],
            },
        ),
        migrations.CreateModel(
            name='RewardDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=cms.core.keys.new_key, editable=False, max_length=20)),
                ('position', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('physical', 'physical'), ('digital', 'digital'), ('service', 'service')], default='physical', max_length=10, verbose_name='kind')),
                ('title_en', models.CharField(blank=True, max_length=80, verbose_name='title (English)')),
                ('title_zh', models.CharField(blank=True, max_length=80, verbose_name='title (Chinese)')),
                ('description_en', models.TextField(blank=True, max_length=1000, verbose_name='description (English)')),
                ('description_zh', models.TextField(blank=True, max_length=1000, verbose_name='description (Chinese)')),
                ('price', models.BigIntegerField(help_text='minor units', verbose_name='price')),
                ('is_addon', models.BooleanField(default=False, verbose_name='add-on')),
                ('quantity', models.PositiveIntegerField(blank=True, null=True, verbose_name='quantity')),
                ('per_person_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='limit per person')),
                ('shipping', models.JSONField(blank=True, default=dict, verbose_name='shipping')),
                ('delivery_month', models.DateField(blank=True, null=True, verbose_name='delivery month')),
                ('window_start', models.DateTimeField(blank=True, null=True, verbose_name='available from')),
                ('window_end', models.DateTimeField(blank=True, null=True, verbose_name='available until')),
                ('secret', models.BooleanField(default=False, verbose_name='secret')),
                ('secret_token', models.CharField(default=cms.core.keys.new_secret, editable=False, max_length=43)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reward_drafts', to='campaigns.campaign')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.image')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RewardVariantDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=cms.core.keys.new_key, editable=False, max_length=20)),
                ('position', models.PositiveIntegerField(default=0)),
                ('name_en', models.CharField(blank=True, max_length=40)),
                ('name_zh', models.CharField(blank=True, max_length=40)),
                ('quantity', models.PositiveIntegerField(blank=True, null=True)),
                ('reward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='campaigns.rewarddraft')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('submitted_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('terms', models.JSONField()),
                ('terms_hash', models.CharField(max_length=64)),
                ('revisions', models.JSONField()),
                ('change_note', models.TextField(blank=True)),
                ('workflow_state_id', models.PositiveBigIntegerField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('reviewers_needed', models.PositiveSmallIntegerField(default=1)),
                ('feasibility', models.JSONField(null=True)),
                ('calculation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='campaigns.calculation')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='campaigns.campaign')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='StoryFingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locale', models.CharField(max_length=10)),
                ('hashes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('first_seen', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.submission')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('expires_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_claims', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='campaigns.submission')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True)),
                ('feasibility', models.PositiveSmallIntegerField(null=True)),
                ('approved_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='campaigns.submission')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CheckResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_code', models.CharField(max_length=30)),
                ('severity', models.PositiveSmallIntegerField(choices=[(0, 'Nothing found'), (1, 'Worth knowing'), (2, 'Look at it'), (3, 'Serious')])),
                ('findings', models.JSONField(default=list)),
                ('version', models.PositiveSmallIntegerField(default=1, help_text="of the check's rules")),
                ('checked_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='campaigns.submission')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SubmissionDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('approved', 'Approved'), ('changes_requested', 'Changes requested'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('feasibility', models.PositiveSmallIntegerField(null=True)),
                ('decided_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='campaigns.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locale', models.CharField(max_length=10)),
                ('target', models.CharField(max_length=60)),
                ('heading', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField(blank=True)),
                ('pairs', models.JSONField(default=list)),
                ('cites', models.JSONField(default=dict)),
                ('source', models.CharField(help_text="rules, or the model's name", max_length=80)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('outdated', 'Replaced by a newer one')], default='open', max_length=10)),
                ('made_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('decided_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='campaigns.campaign')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='UpdateLogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.TextField()),
                ('action', models.CharField(blank=True, db_index=True, max_length=255)),
                ('data', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('timestamp', models.DateTimeField(db_index=True, verbose_name='timestamp (UTC)')),
                ('uuid', models.UUIDField(blank=True, editable=False, help_text='Log entries that happened as part of the same user action are assigned the same UUID', null=True)),
                ('content_changed', models.BooleanField(db_index=True, default=False)),
                ('deleted', models.BooleanField(default=False)),
                ('update_id', models.BigIntegerField(db_index=True)),
                ('content_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contenttypes.contenttype', verbose_name='content type')),
                ('revision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='wagtailcore.revision')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'log entry',
                'verbose_name_plural': 'log entries',
                'ordering': ['-timestamp', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='calculation',
            constraint=models.UniqueConstraint(fields=('campaign', 'number'), name='calculation_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='calculation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('break_even', None), ('minimum_goal', None)), models.Q(('break_even__gt', 0), ('minimum_goal__gte', 0)), _connector='OR'), name='calculation_breaks_even_or_not'),
        ),
        migrations.AddIndex(
            model_name='campaignlisting',
            index=models.Index(condition=models.Q(('visible', True)), fields=['locale', '-listed_at', '-id'], name='listing_newest'),
        ),
        migrations.AddIndex(
            model_name='campaignlisting',
            index=models.Index(condition=models.Q(('visible', True)), fields=['locale', '-percent_bps', '-id'], name='listing_most_funded'),
        ),
        migrations.AddIndex(
            model_name='campaignlisting',
            index=models.Index(condition=models.Q(('visible', True)), fields=['locale', '-trend', '-id'], name='listing_trending'),
        ),
        migrations.AddIndex(
            model_name='campaignlisting',
            index=models.Index(condition=models.Q(('visible', True)), fields=['locale', 'deadline', 'id'], name='listing_ending'),
        ),
        migrations.AddIndex(
            model_name='campaignlisting',
            index=models.Index(condition=models.Q(('visible', True)), fields=['locale', 'category_root', '-percent_bps', '-id'], name='listing_by_category'),
        ),
        migrations.AddConstraint(
            model_name='campaignlisting',
            constraint=models.UniqueConstraint(fields=('campaign', 'locale'), name='listing_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaignpicture',
            constraint=models.UniqueConstraint(fields=('campaign', 'image'), name='campaign_picture_once'),
        ),
        migrations.AddConstraint(
            model_name='campaignupdate',
            constraint=models.UniqueConstraint(fields=('translation_key', 'locale'), name='update_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='campaignversion',
            constraint=models.UniqueConstraint(fields=('campaign', 'locale', 'hash'), name='version_hash_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaignversion',
            constraint=models.UniqueConstraint(fields=('campaign', 'locale', 'number'), name='version_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'changes_requested', 'rejected', 'approved', 'launched', 'concluded'])), name='campaign_state_known'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('duration_days', None), ('deadline', None), _connector='OR'), name='campaign_duration_or_deadline'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('goal', None), ('goal__gt', 0), _connector='OR'), name='campaign_goal_positive'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('escrow', None), ('state__in', ['launched', 'concluded']), _connector='XOR'), name='campaign_escrow_from_launch_on'),
        ),
        migrations.AddConstraint(
            model_name='checklistitem',
            constraint=models.UniqueConstraint(fields=('campaign', 'code'), name='checklist_item_code_unique'),
        ),
        migrations.AddConstraint(
            model_name='checklistitem',
            constraint=models.CheckConstraint(condition=models.Q(('words_en', ''), ('words_zh', ''), _negated=True), name='checklist_item_says_something'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.UniqueConstraint(models.F('campaign'), django.db.models.functions.text.Lower('email'), condition=models.Q(('ended_at', None)), name='collaborator_one_address'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('campaign', 'user'), name='collaborator_one_person'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['story', 'fulfilment', 'finance']), ('scopes__len__gt', 0)), name='collaborator_scopes_known'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('user__isnull', False), _connector='OR'), name='collaborator_accepted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='collaborator_end_whole'),
        ),
        migrations.AddConstraint(
            model_name='deliverymove',
            constraint=models.CheckConstraint(condition=models.Q(('leave_until', None), ('month__gt', models.F('promised')), _connector='OR'), name='leave_only_when_later'),
        ),
        migrations.AddIndex(
            model_name='listingtext',
            index=django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='listing_text_gin'),
        ),
        migrations.AddConstraint(
            model_name='payoutproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('creator',), name='payout_proposal_one_open'),
        ),
        migrations.AddConstraint(
            model_name='payoutproposal',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', models.F('creator')), _negated=True), name='payout_proposal_of_another'),
        ),
        migrations.AddConstraint(
            model_name='picturefingerprint',
            constraint=models.UniqueConstraint(fields=('campaign', 'image'), name='picture_fingerprint_unique'),
        ),
        migrations.AddConstraint(
            model_name='previewlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='preview_link_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='previewcomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='preview_comment_resolved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reportcase',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('campaign', 'kind'), name='report_case_open_once'),
        ),
        migrations.AddConstraint(
            model_name='reportcase',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'dismissed'])), name='report_case_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reportcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('decided_at', None), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='report_case_decided_with_reason'),
        ),
        migrations.AddIndex(
            model_name='campaignreport',
            index=models.Index(fields=['sender', 'received_at'], name='report_by_sender'),
        ),
        migrations.AddIndex(
            model_name='campaignreport',
            index=models.Index(fields=['network', 'received_at'], name='report_by_network'),
        ),
        migrations.AddConstraint(
            model_name='campaignreport',
            constraint=models.UniqueConstraint(fields=('case', 'sender'), name='report_sender_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('claim_minutes__gt', 0), ('sla_hours__gt', 0)), name='review_policy_times_positive'),
        ),
        migrations.AddConstraint(
            model_name='rewarddraft',
            constraint=models.UniqueConstraint(fields=('campaign', 'key'), name='reward_draft_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='rewarddraft',
            constraint=models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='reward_draft_price_positive'),
        ),
        migrations.AddConstraint(
            model_name='rewardvariantdraft',
            constraint=models.UniqueConstraint(fields=('reward', 'key'), name='variant_draft_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('campaign', 'number'), name='submission_number_unique'),
        ),
        migrations.AddIndex(
            model_name='storyfingerprint',
            index=django.contrib.postgres.indexes.GinIndex(fields=['hashes'], name='story_fingerprint_hashes'),
        ),
        migrations.AddConstraint(
            model_name='storyfingerprint',
            constraint=models.UniqueConstraint(fields=('submission', 'locale'), name='story_fingerprint_unique'),
        ),
        migrations.AddConstraint(
            model_name='reviewclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('submission',), name='review_claim_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reviewapproval',
            constraint=models.UniqueConstraint(fields=('submission', 'reviewer'), name='review_approval_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='reviewapproval',
            constraint=models.CheckConstraint(condition=models.Q(('feasibility', None), ('feasibility__range', (1, 5)), _connector='OR'), name='approval_feasibility_range'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.UniqueConstraint(fields=('submission', 'check_code'), name='check_result_once'),
        ),
        migrations.AddConstraint(
            model_name='submissiondecision',
            constraint=models.CheckConstraint(condition=models.Q(('feasibility', None), ('feasibility__range', (1, 5)), _connector='OR'), name='decision_feasibility_range'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('campaign', 'locale', 'target'), name='suggestion_one_open_a_place'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['open', 'outdated'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['accepted', 'rejected'])), _connector='OR'), name='suggestion_decided_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='updatelogentry',
            index=models.Index(fields=['uuid', 'action', '-timestamp'], name='campaigns_u_uuid_3e0902_idx'),
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))

Migration.operations += guards.operations()
