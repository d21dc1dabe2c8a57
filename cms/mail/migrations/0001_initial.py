import cms.core.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='MailboxEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(db_index=True, max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('to', models.EmailField(max_length=254)),
                ('locale', models.CharField(default='en', max_length=10)),
                ('template', models.CharField(max_length=80)),
                ('context', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('sending', 'sending'), ('sent', 'sent'), ('failed', 'failed'), ('unknown', 'unknown')], default='planned', max_length=10)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('sent_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(help_text='real time', null=True)),
                ('next_attempt_at', models.DateTimeField(help_text='real time', null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sending'])), fields=['id'], name='message_unsent'), models.Index(fields=['to', '-id'], name='message_by_address')],
            },
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))
