from campaigns import guards
import campaigns.models.campaign
import campaigns.models.reviewers
import campaigns.states
import cms.core.clock
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.db.models.deletion
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
                ('story', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('image', 5), ('video', 7), ('quote', 10), ('faq', 15)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'What the picture shows', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.embeds.blocks.EmbedBlock', (), {'label': 'Address of the video'}), 7: ('wagtail.blocks.StructBlock', [[('url', 6), ('caption', 4)]], {}), 8: ('wagtail.blocks.TextBlock', (), {'label': 'Quote', 'max_length': 600}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 120, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('text', 8), ('attribution', 9)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 12: ('cms.core.blocks.TextBlock', (), {'label': 'Answer'}), 13: ('wagtail.blocks.StructBlock', [[('question', 11), ('answer', 12)]], {}), 14: ('wagtail.blocks.ListBlock', (13,), {'label': 'Questions', 'min_num': 1}), 15: ('wagtail.blocks.StructBlock', [[('items', 14)]], {})}, verbose_name='story')),
                ('risks', models.TextField(blank=True, help_text='What could go wrong or take longer, and what you will do then. Backers trust those who say so.', max_length=3000, verbose_name='risks and how you meet them')),
            ],
            options={
                'verbose_name': 'campaign page',
                'verbose_name_plural': 'campaign pages',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=campaigns.models.campaign.new_key, editable=False, max_length=20, unique=True)),
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
                ('key', models.CharField(default=campaigns.models.campaign.new_key, editable=False, max_length=20, unique=True)),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('locale', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('image', 5), ('video', 7), ('quote', 10)], blank=True, block_lookup={0: ('cms.core.blocks.HeadingBlock', (), {}), 1: ('cms.core.blocks.TextBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'What the picture shows', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.embeds.blocks.EmbedBlock', (), {'label': 'Address of the video'}), 7: ('wagtail.blocks.StructBlock', [[('url', 6), ('caption', 4)]], {}), 8: ('wagtail.blocks.TextBlock', (), {'label': 'Quote', 'max_length': 600}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 120, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('text', 8), ('attribution', 9)]], {})}, verbose_name='text')),
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
        migrations.AddField(
            model_name='campaign',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='campaigns.category'),
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
                ('key', models.CharField(default=campaigns.models.campaign.new_key, editable=False, max_length=20)),
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
                ('key', models.CharField(default=campaigns.models.campaign.new_key, editable=False, max_length=20)),
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
            name='StoryFingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locale', models.CharField(max_length=10)),
                ('hashes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('first_seen', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign')),
            ],
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
        migrations.AddIndex(
            model_name='listingtext',
            index=django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='listing_text_gin'),
        ),
        migrations.AddConstraint(
            model_name='picturefingerprint',
            constraint=models.UniqueConstraint(fields=('campaign', 'image'), name='picture_fingerprint_unique'),
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
        migrations.AddIndex(
            model_name='storyfingerprint',
            index=django.contrib.postgres.indexes.GinIndex(fields=['hashes'], name='story_fingerprint_hashes'),
        ),
        migrations.AddConstraint(
            model_name='storyfingerprint',
            constraint=models.UniqueConstraint(fields=('campaign', 'locale'), name='story_fingerprint_unique'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('campaign', 'number'), name='submission_number_unique'),
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
        migrations.AddIndex(
            model_name='updatelogentry',
            index=models.Index(fields=['uuid', 'action', '-timestamp'], name='campaigns_u_uuid_3e0902_idx'),
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))

Migration.operations += guards.operations()
