from cms.users import guards
import cms.core.clock
import cms.core.keys
import cms.core.private
import cms.users.models.creators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('display_name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('photo', models.ImageField(blank=True, upload_to='profiles/', verbose_name='photo')),
                ('bio', models.TextField(blank=True, max_length=600, verbose_name='about')),
                ('locale', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('timezone', models.CharField(default='Asia/Shanghai', max_length=64, verbose_name='time zone')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('payee_kind', models.CharField(blank=True, choices=[('person', 'a person'), ('sole_trader', 'a sole trader'), ('company', 'a company'), ('charity', 'a charity')], max_length=12, verbose_name='payee')),
                ('payouts_held', models.BooleanField(default=False, help_text='Staff stopped payouts; the reason is in the audit log.')),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
            },
        ),
        migrations.CreateModel(
            name='AuditLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=80, verbose_name='act')),
                ('subject', models.CharField(help_text='kind:key, for example campaign:k3f9', max_length=120, verbose_name='subject')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('data', models.JSONField(default=dict, verbose_name='details')),
                ('at', models.DateTimeField(db_default=cms.core.clock.AppNow(), verbose_name='when')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'audit log entry',
                'verbose_name_plural': 'audit log entries',
            },
        ),
        migrations.CreateModel(
            name='CreatorProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=cms.core.keys.new_key, editable=False, max_length=20, unique=True)),
                ('bio_en', models.TextField(blank=True, max_length=2000, verbose_name='about you (English)')),
                ('bio_zh', models.TextField(blank=True, max_length=2000, verbose_name='about you (Chinese)')),
                ('place', models.CharField(blank=True, max_length=80, verbose_name='place')),
                ('links', models.JSONField(blank=True, default=list, help_text='https addresses', verbose_name='links')),
                ('kind_fixed_at', models.DateTimeField(editable=False, null=True)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('claimed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='creator_profile', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'creator',
                'verbose_name_plural': 'creators',
            },
        ),
        migrations.CreateModel(
            name='CreatorDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('identity', 'Identity document'), ('business_licence', 'Business licence'), ('representative', 'Identity of the legal representative'), ('charity_registration', 'Registration as a charity'), ('fundraising_permit', 'Permit for public fundraising'), ('patent', 'Patent'), ('trademark', 'Trademark'), ('trade_permit', 'Permit for a trade or product')], max_length=24, verbose_name='document')),
                ('slot', models.CharField(editable=False, max_length=120)),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='number')),
                ('issuer', models.CharField(max_length=120, verbose_name='issued by')),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('file', models.FileField(storage=cms.core.private.private_storage, upload_to=cms.users.models.creators.document_path, verbose_name='file')),
                ('file_name', models.CharField(max_length=150)),
                ('content_type', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a reviewer'), ('approved', 'Approved'), ('rejected', 'Not accepted'), ('revoked', 'Approval taken back'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced by a newer one')], default='waiting', max_length=10)),
                ('warned', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('submitted_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='users.creatorprofile')),
            ],
            options={
                'verbose_name': "creator's document",
                'verbose_name_plural': "creators' documents",
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DocumentDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('approved', 'Approved'), ('rejected', 'Not accepted'), ('revoked', 'Approval taken back'), ('withdrawn', 'Withdrawn by the creator'), ('replaced', 'Replaced by a newer one')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('role', models.CharField(max_length=20)),
                ('fingerprint', models.CharField(max_length=64)),
                ('decided_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='users.creatordocument')),
            ],
            options={
                'verbose_name': 'decision about a document',
                'verbose_name_plural': 'decisions about documents',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_ci'),
        ),
        migrations.AddIndex(
            model_name='auditlog',
            index=models.Index(fields=['subject', '-id'], name='audit_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='creatorprofile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='creator_claim_whole'),
        ),
        migrations.AddIndex(
            model_name='creatordocument',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['submitted_at'], name='creator_document_queue'),
        ),
        migrations.AddIndex(
            model_name='creatordocument',
            index=models.Index(condition=models.Q(('state', 'approved')), fields=['expires_on'], name='creator_document_expiry'),
        ),
        migrations.AddConstraint(
            model_name='creatordocument',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['identity', 'business_licence', 'representative', 'charity_registration', 'fundraising_permit', 'patent', 'trademark', 'trade_permit'])), name='creator_document_type_known'),
        ),
        migrations.AddConstraint(
            model_name='creatordocument',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'rejected', 'revoked', 'withdrawn', 'replaced'])), name='creator_document_state_known'),
        ),
        migrations.AddConstraint(
            model_name='creatordocument',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gt', models.F('issued_on')), _connector='OR'), name='creator_document_dates'),
        ),
        migrations.AddConstraint(
            model_name='creatordocument',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('profile', 'slot'), name='creator_document_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='creatordocument',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('profile', 'slot'), name='creator_document_one_approved'),
        ),
        migrations.AddConstraint(
            model_name='documentdecision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['approved', 'rejected', 'revoked', 'withdrawn', 'replaced'])), name='document_decision_known'),
        ),
        migrations.AddConstraint(
            model_name='documentdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict__in', ['rejected', 'revoked']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='document_decision_reasoned'),
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))

Migration.operations += guards.operations()
