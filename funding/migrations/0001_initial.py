from funding import guards
import cms.core.clock
import django.db.models.deletion
import django.db.models.expressions
import funding.states
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=20)),
                ('external_id', models.CharField(max_length=120)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(blank=True, help_text="the bank's code", max_length=60)),
                ('state', models.CharField(default=funding.states.DisputeState['OPENED'], max_length=20)),
                ('withdrawn', models.BigIntegerField(default=0)),
                ('fee', models.BigIntegerField(default=0)),
                ('reinstated', models.BigIntegerField(default=0)),
                ('fee_returned', models.BigIntegerField(default=0)),
                ('from_escrow', models.BigIntegerField(default=0)),
                ('from_creator', models.BigIntegerField(default=0)),
                ('from_platform', models.BigIntegerField(default=0)),
                ('returned', models.BigIntegerField(default=0)),
                ('evidence', models.TextField(blank=True)),
                ('evidence_due_at', models.DateTimeField(null=True)),
                ('evidence_sent_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(help_text='when finance decided not to contest it', null=True)),
                ('opened_at', models.DateTimeField(help_text="by the provider's word")),
                ('closed_at', models.DateTimeField(null=True)),
                ('polled_at', models.DateTimeField(help_text='real time of the last look by the poller', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('day', models.DateField(unique=True)),
                ('statement', models.TextField()),
                ('hash', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=128)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=20)),
                ('session_id', models.CharField(blank=True, max_length=120)),
                ('intent_id', models.CharField(blank=True, max_length=120)),
                ('charge_id', models.CharField(blank=True, max_length=120)),
                ('checkout_url', models.URLField(blank=True, max_length=1000)),
                ('method', models.CharField(blank=True, help_text='card, alipay, wechat_pay', max_length=20)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(default=funding.states.PaymentState['CREATED'], max_length=20)),
                ('captured', models.BigIntegerField(default=0)),
                ('refund_reserved', models.BigIntegerField(default=0)),
                ('lost', models.BigIntegerField(default=0)),
                ('provider_fee', models.BigIntegerField(null=True)),
                ('orphan', models.BooleanField(default=False)),
                ('failure_code', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('begun_at', models.DateTimeField(help_text="when the backer confirmed, by the provider's word", null=True)),
                ('expires_at', models.DateTimeField()),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('polled_at', models.DateTimeField(help_text='real time of the last look by the poller', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SealMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_to', models.BigIntegerField(default=0)),
                ('candidate', models.BigIntegerField(default=0)),
                ('candidate_before', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('since', models.DateTimeField(db_default=cms.core.clock.AppNow())),
            ],
        ),
        migrations.CreateModel(
            name='Escrow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('names', models.JSONField(default=dict)),
                ('currency', models.CharField(max_length=3)),
                ('goal', models.BigIntegerField()),
                ('mode', models.CharField(choices=[('all_or_nothing', 'all or nothing'), ('keep_it_all', 'keep it all')], max_length=20)),
                ('launched_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('deadline', models.DateTimeField(help_text='exclusive: [launched_at, deadline)')),
                ('platform_fee_bps', models.PositiveIntegerField()),
                ('compensation_fund_bps', models.PositiveIntegerField()),
                ('tax_regime', models.CharField(blank=True, max_length=40)),
                ('tax_bps', models.PositiveIntegerField(default=0)),
                ('hold_days', models.PositiveIntegerField()),
                ('grace_minutes', models.PositiveIntegerField(default=30)),
                ('policy', models.JSONField(default=dict, help_text='the fee schedule and tax rule as they stood at launch')),
                ('state', models.CharField(default=funding.states.EscrowState['OPEN'], max_length=20)),
                ('captured', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('released', models.BigIntegerField(default=0)),
                ('lost', models.BigIntegerField(default=0)),
                ('backers', models.PositiveIntegerField(default=0)),
                ('hold_until', models.DateTimeField(null=True)),
                ('state_reason', models.TextField(blank=True, help_text='public where a person decided')),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escrows', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CreatorDebt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('dispute', 'a lost dispute'), ('refund', 'a refund after the payout'), ('compensation', 'compensation paid to a backer')], max_length=20)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('recovered', models.BigIntegerField(default=0)),
                ('written_off', models.BigIntegerField(default=0)),
                ('returned', models.BigIntegerField(default=0)),
                ('credited', models.BigIntegerField(default=0)),
                ('regained', models.BigIntegerField(default=0)),
                ('write_off_reason', models.TextField(blank=True)),
                ('incurred_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debts', to=settings.AUTH_USER_MODEL)),
                ('written_off_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debt', to='funding.dispute')),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='funding.escrow')),
            ],
        ),
        migrations.CreateModel(
            name='Backing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=64)),
                ('paid_pledges', models.PositiveIntegerField(default=0)),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funding.escrow')),
            ],
        ),
        migrations.CreateModel(
            name='EscrowDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('succeeded', 'succeeded'), ('failed', 'failed')], max_length=10)),
                ('raised', models.BigIntegerField()),
                ('backers', models.PositiveIntegerField()),
                ('decided_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('escrow', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='funding.escrow')),
            ],
        ),
        migrations.CreateModel(
            name='FeeSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(default='platform', max_length=80)),
                ('effective_from', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('platform_fee_bps', models.PositiveIntegerField()),
                ('compensation_fund_bps', models.PositiveIntegerField()),
                ('hold_days', models.PositiveIntegerField()),
                ('grace_minutes', models.PositiveIntegerField(default=30)),
                ('max_duration_days', models.PositiveIntegerField(default=60)),
                ('four_eyes_limits', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'effective_from'), name='fee_schedule_unique'), models.CheckConstraint(condition=models.Q(('grace_minutes__gte', 30)), name='fee_schedule_grace_at_least_30')],
            },
        ),
        migrations.CreateModel(
            name='GatewayCommand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=20)),
                ('kind', models.CharField(choices=[('create_checkout', 'open a checkout'), ('expire_checkout', 'end a checkout'), ('create_refund', 'refund'), ('create_transfer', 'transfer'), ('submit_evidence', 'submit evidence'), ('accept_dispute', 'accept a dispute')], max_length=20)),
                ('subject', models.CharField(help_text='kind:id, for example payment:12', max_length=80)),
                ('amount', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('idempotency_key', models.CharField(max_length=120, unique=True)),
                ('payload', models.JSONField(default=dict)),
                ('state', models.CharField(default=funding.states.CommandState['PLANNED'], max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(help_text='real time', null=True)),
                ('lease_until', models.DateTimeField(help_text='real time', null=True)),
                ('first_sent_at', models.DateTimeField(help_text='real time; keys live 24 h', null=True)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sending', 'unknown'])), fields=['next_attempt_at'], name='command_due'), models.Index(fields=['subject'], name='command_by_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'sending', 'succeeded', 'failed', 'unknown'])), name='command_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('fingerprint', models.CharField(max_length=64)),
                ('occurred_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('escrow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journals', to='funding.escrow')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funding.journal')),
            ],
        ),
        migrations.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80)),
                ('currency', models.CharField(max_length=3)),
                ('kind', models.CharField(choices=[('asset', 'asset'), ('liability', 'liability'), ('income', 'income'), ('expense', 'expense'), ('equity', 'equity')], max_length=10)),
                ('limited', models.BooleanField(default=False)),
                ('debits', models.BigIntegerField(default=0)),
                ('credits', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'currency'), name='ledger_account_unique'), models.CheckConstraint(condition=models.Q(('limited', False), ('credits__gte', models.F('debits')), _connector='OR'), name='ledger_limited_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='funding.journal')),
                ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_entries', to='funding.ledgeraccount')),
                ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debit_entries', to='funding.ledgeraccount')),
            ],
        ),
        migrations.CreateModel(
            name='HeadLeaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=20)),
                ('seq', models.PositiveIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='funding.ledgerhead')),
            ],
        ),
        migrations.AddField(
            model_name='dispute',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='funding.payment'),
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=20)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('person', 'person'), ('company', 'company'), ('charity', 'charity')], default='person', max_length=10)),
                ('country', models.CharField(default='CN', max_length=2)),
                ('details_submitted', models.BooleanField(default=False)),
                ('transfers_enabled', models.BooleanField(default=False)),
                ('requirements', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('checked_at', models.DateTimeField(null=True)),
                ('creator', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payout_account', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(default=funding.states.PayoutState['SCHEDULED'], max_length=20)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('blockers', models.JSONField(default=list, help_text='codes of what stood in the way at the last try')),
                ('failure_code', models.CharField(blank=True, max_length=80)),
                ('attempt', models.PositiveIntegerField(default=1)),
                ('scheduled_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('paid_at', models.DateTimeField(null=True)),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to=settings.AUTH_USER_MODEL)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='funding.payoutaccount')),
            ],
        ),
        migrations.CreateModel(
            name='PayoutApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='funding.payout')),
            ],
        ),
        migrations.CreateModel(
            name='PayoutFreeze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(help_text='audit, reconcile or rebuild', max_length=20)),
                ('fingerprint', models.CharField(help_text='of the differences that froze', max_length=64)),
                ('data', models.JSONField(default=dict)),
                ('frozen_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_because', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('source',), name='payout_freeze_open_once')],
            },
        ),
        migrations.CreateModel(
            name='FreezeConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('given_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('freeze', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='funding.payoutfreeze')),
            ],
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('person', models.CharField(db_index=True, max_length=64)),
                ('locale', models.CharField(default='en', max_length=10)),
                ('state', models.CharField(default=funding.states.PledgeState['RESERVED'], max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('rewards_amount', models.BigIntegerField()),
                ('shipping_amount', models.BigIntegerField(default=0)),
                ('extra_amount', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField()),
                ('refunded_amount', models.BigIntegerField(default=0)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('anonymous', models.BooleanField(default=False)),
                ('message', models.CharField(blank=True, max_length=280)),
                ('version', models.CharField(blank=True, help_text='hash of the campaign version the backer saw', max_length=64)),
                ('created_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('reserved_until', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('idempotency_scope', models.CharField(max_length=100)),
                ('idempotency_key', models.CharField(max_length=255)),
                ('idempotency_fingerprint', models.CharField(max_length=64)),
                ('backer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to=settings.AUTH_USER_MODEL)),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='funding.escrow')),
            ],
        ),
        migrations.AddField(
            model_name='payment',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funding.pledge'),
        ),
        migrations.CreateModel(
            name='PseudonymKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80, unique=True)),
                ('inner_block', models.BinaryField(null=True)),
                ('outer_block', models.BinaryField(null=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at', None), ('inner_block__isnull', False), ('outer_block__isnull', False)), models.Q(('destroyed_at__isnull', False), ('inner_block', None), ('outer_block', None)), _connector='OR'), name='pseudonym_key_or_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('note', models.TextField(blank=True)),
                ('recovered_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('debt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='funding.creatordebt')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='funding.payout')),
            ],
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(choices=[('backer_cancelled', 'the backer cancelled'), ('campaign_failed', 'the goal was missed'), ('campaign_cancelled', 'the campaign was called off'), ('orphan', 'the payment came too late to count'), ('finance', 'decided by finance')], max_length=20)),
                ('note', models.TextField(blank=True)),
                ('state', models.CharField(default=funding.states.RefundState['REQUESTED'], max_length=20)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('failure_code', models.CharField(blank=True, max_length=80)),
                ('attempt', models.PositiveIntegerField(default=1)),
                ('requested_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='funding.payment')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='creatordebt',
            name='refund',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debt', to='funding.refund'),
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tranche', models.PositiveIntegerField(default=1)),
                ('gross', models.BigIntegerField()),
                ('platform_fee', models.BigIntegerField()),
                ('compensation_fund', models.BigIntegerField()),
                ('tax', models.BigIntegerField()),
                ('creator_amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('released_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='funding.escrow')),
            ],
        ),
        migrations.AddField(
            model_name='payout',
            name='release',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payout', to='funding.release'),
        ),
        migrations.CreateModel(
            name='HeldBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('since', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_back', to='funding.escrow')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_back', to='funding.payment')),
                ('released_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_back', to='funding.release')),
            ],
        ),
        migrations.CreateModel(
            name='Reward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('position', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('physical', 'physical'), ('digital', 'digital'), ('service', 'service')], max_length=10)),
                ('titles', models.JSONField(default=dict, help_text='by locale')),
                ('descriptions', models.JSONField(default=dict, help_text='by locale')),
                ('image_url', models.CharField(blank=True, max_length=300)),
                ('price', models.BigIntegerField()),
                ('is_addon', models.BooleanField(default=False)),
                ('quantity', models.PositiveIntegerField(null=True)),
                ('reserved', models.PositiveIntegerField(default=0)),
                ('sold', models.PositiveIntegerField(default=0)),
                ('per_person_limit', models.PositiveIntegerField(null=True)),
                ('shipping', models.JSONField(default=dict)),
                ('delivery_month', models.DateField(help_text='the first of the promised month', null=True)),
                ('window_start', models.DateTimeField(null=True)),
                ('window_end', models.DateTimeField(null=True)),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to='funding.escrow')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(help_text='keyed hash of the e-mail address', max_length=64)),
                ('quantity', models.PositiveIntegerField()),
                ('per_person_limit', models.PositiveIntegerField()),
                ('reward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='funding.reward')),
            ],
        ),
        migrations.CreateModel(
            name='RewardVariant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('position', models.PositiveIntegerField(default=0)),
                ('names', models.JSONField(default=dict, help_text='by locale')),
                ('quantity', models.PositiveIntegerField(null=True)),
                ('reserved', models.PositiveIntegerField(default=0)),
                ('sold', models.PositiveIntegerField(default=0)),
                ('reward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='funding.reward')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PledgeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('unit_price', models.BigIntegerField()),
                ('unit_shipping', models.BigIntegerField(default=0)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='funding.pledge')),
                ('reward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funding.reward')),
                ('variant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funding.rewardvariant')),
            ],
        ),
        migrations.AddField(
            model_name='ledgerhead',
            name='key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='heads', to='funding.signingkey'),
        ),
        migrations.CreateModel(
            name='TaxRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jurisdiction', models.CharField(max_length=2)),
                ('payee_kind', models.CharField(choices=[('person', 'person'), ('company', 'company'), ('charity', 'charity')], max_length=10)),
                ('regime', models.CharField(max_length=40)),
                ('rate_bps', models.PositiveIntegerField()),
                ('effective_from', models.DateTimeField(db_default=cms.core.clock.AppNow())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jurisdiction', 'payee_kind', 'effective_from'), name='tax_rule_unique')],
            },
        ),
        migrations.CreateModel(
            name='TransitionLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('machine', models.CharField(max_length=20)),
                ('object_id', models.CharField(max_length=40)),
                ('sequence', models.PositiveIntegerField()),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='stripe', max_length=20)),
                ('external_id', models.CharField(max_length=120)),
                ('type', models.CharField(max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=120)),
                ('account', models.CharField(blank=True, help_text="the connected account, if it is one's", max_length=120)),
                ('payload', models.JSONField(default=dict)),
                ('received_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('handled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(help_text='real time', null=True)),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('handled_at', None)), fields=['id'], name='webhook_unhandled')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'external_id'), name='webhook_event_unique')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('subject', models.CharField(help_text='kind:key, for example payment:12', max_length=160)),
                ('severity', models.CharField(choices=[('info', 'worth knowing'), ('warning', 'needs a look'), ('critical', 'needs a person now')], max_length=10)),
                ('data', models.JSONField(default=dict, help_text='as it was seen last')),
                ('times', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('last_seen_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolution', models.CharField(blank=True, max_length=500)),
                ('resolved_by', models.ForeignKey(help_text='empty: it went away by itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-last_seen_at'], name='alert_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('code', 'subject'), name='alert_open_once'), models.CheckConstraint(condition=models.Q(('severity__in', ['info', 'warning', 'critical'])), name='alert_severity_known'), models.CheckConstraint(condition=models.Q(models.Q(('resolution', ''), ('resolved_at__isnull', True)), models.Q(('resolved_at__isnull', False), models.Q(('resolution', ''), _negated=True)), _connector='OR'), name='alert_resolved_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='LedgerSeal',
            fields=[
                ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='seal', serialize=False, to='funding.entry')),
                ('chain', models.CharField(max_length=20)),
                ('seq', models.PositiveIntegerField()),
                ('prev_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('body', models.TextField()),
                ('sealed_at', models.DateTimeField(db_default=cms.core.clock.AppNow())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='seal_place_unique')],
            },
        ),
        migrations.AddIndex(
            model_name='escrow',
            index=models.Index(fields=['state', 'deadline'], name='escrow_due'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'on_hold', 'closing', 'succeeded', 'failed', 'cancelling', 'holding', 'releasing', 'released', 'refunding', 'refunded', 'refund_blocked'])), name='escrow_state_known'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('goal__gt', 0)), name='escrow_goal_positive'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('key', 'platform'), _negated=True), name='escrow_key_not_platform'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('deadline__gt', models.F('launched_at'))), name='escrow_deadline_after_launch'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('captured__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('refunded'), '+', models.F('released')), '+', models.F('lost'))), ('lost__gte', 0), ('refunded__gte', 0), ('released__gte', 0)), name='escrow_never_pays_more_than_it_got'),
        ),
        migrations.AddConstraint(
            model_name='escrow',
            constraint=models.CheckConstraint(condition=models.Q(('platform_fee_bps__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(10000), '-', models.F('compensation_fund_bps')), '-', models.F('tax_bps')))), name='escrow_rates_leave_the_rest'),
        ),
        migrations.AddConstraint(
            model_name='backing',
            constraint=models.UniqueConstraint(fields=('escrow', 'person'), name='backing_unique'),
        ),
        migrations.AddIndex(
            model_name='journal',
            index=models.Index(fields=['escrow', 'id'], name='journal_by_escrow'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='entry_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='entry_moves_between_two_accounts'),
        ),
        migrations.AddConstraint(
            model_name='headleaf',
            constraint=models.UniqueConstraint(fields=('chain', 'head'), name='head_leaf_unique'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['state'], name='dispute_by_state'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(fields=('provider', 'external_id'), name='dispute_unique'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['opened', 'warning', 'needs_response', 'under_review', 'won', 'lost', 'accepted', 'closed'])), name='dispute_state_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='dispute_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('fee_returned__gte', 0), ('fee_returned__lte', models.F('fee')), ('from_creator__gte', 0), ('from_escrow__gte', 0), ('from_platform__gte', 0), ('reinstated__gte', 0), ('returned__gte', 0), ('returned__lte', models.F('reinstated')), ('withdrawn__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('reinstated'), '+', models.F('from_escrow')), '+', models.F('from_creator')), '+', models.F('from_platform')))), name='dispute_loses_no_more_than_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='payoutaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('provider', 'external_id'), name='payout_account_unique'),
        ),
        migrations.AddConstraint(
            model_name='payoutapproval',
            constraint=models.UniqueConstraint(fields=('payout', 'approver'), name='payout_approved_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='freezeconsent',
            constraint=models.UniqueConstraint(fields=('freeze', 'person'), name='freeze_consent_once_per_person'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['escrow', 'state'], name='pledge_by_escrow'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['backer', '-created_at'], name='pledge_by_backer'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('state', 'reserved')), fields=['reserved_until'], name='pledge_reserved'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(fields=('idempotency_scope', 'idempotency_key'), name='pledge_idempotent'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reserved', 'paid', 'expired', 'cancelled', 'refund_pending', 'refunded', 'disputed', 'charged_back'])), name='pledge_state_known'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('extra_amount__gte', 0), ('rewards_amount__gte', 0), ('shipping_amount__gte', 0), ('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('rewards_amount'), '+', models.F('shipping_amount')), '+', models.F('extra_amount'))), ('total__gt', 0)), name='pledge_parts_sum_to_total'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_amount__gte', 0), ('refunded_amount__lte', models.F('total'))), name='pledge_refund_within_total'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['state', 'expires_at'], name='payment_open'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('session_id', ''), _negated=True), fields=('provider', 'session_id'), name='payment_session_unique'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('intent_id', ''), _negated=True), fields=('provider', 'intent_id'), name='payment_intent_unique'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['created', 'submitting', 'requires_action', 'processing', 'succeeded', 'failed', 'cancelled'])), name='payment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('captured', models.F('amount')), ('state', 'succeeded')), models.Q(models.Q(('state', 'succeeded'), _negated=True), ('captured', 0)), _connector='OR'), name='payment_captures_all_or_nothing'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('captured__gte', django.db.models.expressions.CombinedExpression(models.F('refund_reserved'), '+', models.F('lost'))), ('lost__gte', 0), ('refund_reserved__gte', 0)), name='payment_never_refunds_more_than_captured'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('amount__lt', 0), ('payout__isnull', False)), _connector='OR'), name='recovery_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'submitted', 'pending', 'succeeded', 'failed'])), name='refund_state_known'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('external_id',), name='refund_external_unique'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('reason__in', ['finance', 'backer_cancelled']), _negated=True), fields=('payment', 'reason'), name='refund_once_per_reason'),
        ),
        migrations.AddIndex(
            model_name='creatordebt',
            index=models.Index(condition=models.Q(('amount__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('recovered'), '+', models.F('written_off')), '+', models.F('returned')))), fields=['creator', 'currency'], name='debt_open'),
        ),
        migrations.AddConstraint(
            model_name='creatordebt',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('recovered'), '+', models.F('written_off')), '+', models.F('returned'))), ('credited__gte', 0), ('recovered__gte', 0), ('regained__gte', 0), ('regained__lte', models.F('written_off')), ('returned__gte', 0), ('written_off__gte', 0)), name='debt_is_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='creatordebt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'dispute'), ('dispute__isnull', False), ('refund__isnull', True)), models.Q(('cause', 'refund'), ('dispute__isnull', True), ('refund__isnull', False)), models.Q(('cause', 'compensation'), ('dispute__isnull', True)), _connector='OR'), name='debt_has_its_cause'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('escrow', 'tranche'), name='release_once_per_tranche'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('compensation_fund__gte', 0), ('creator_amount__gte', 0), ('gross', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('platform_fee'), '+', models.F('compensation_fund')), '+', models.F('tax')), '+', models.F('creator_amount'))), ('gross__gt', 0), ('platform_fee__gte', 0), ('tax__gte', 0)), name='release_parts_sum_to_gross'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='payout_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['scheduled', 'approved', 'submitting', 'paid', 'failed', 'returned', 'netted'])), name='payout_state_known'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('external_id',), name='payout_external_unique'),
        ),
        migrations.AddIndex(
            model_name='heldback',
            index=models.Index(condition=models.Q(('released_in__isnull', True)), fields=['escrow'], name='held_back_open'),
        ),
        migrations.AddConstraint(
            model_name='heldback',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='held_back_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='reward',
            constraint=models.UniqueConstraint(fields=('escrow', 'key'), name='reward_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='reward',
            constraint=models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='reward_price_positive'),
        ),
        migrations.AddConstraint(
            model_name='reward',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('sold'))), _connector='OR'), name='reward_never_oversold'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.UniqueConstraint(fields=('reward', 'person'), name='holding_unique'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__lte', models.F('per_person_limit'))), name='holding_within_limit'),
        ),
        migrations.AddConstraint(
            model_name='rewardvariant',
            constraint=models.UniqueConstraint(fields=('reward', 'key'), name='variant_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='rewardvariant',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('sold'))), _connector='OR'), name='variant_never_oversold'),
        ),
        migrations.AddConstraint(
            model_name='pledgeline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='pledge_line_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='pledgeline',
            constraint=models.UniqueConstraint(fields=('pledge', 'reward', 'variant'), name='pledge_line_unique', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='transitionlog',
            constraint=models.UniqueConstraint(fields=('machine', 'object_id', 'sequence'), name='transition_sequence_unique'),
        ),
    ]


# `app_now()` is a default of columns here.
Migration.dependencies.append(("core", "0001_initial"))

Migration.operations += guards.operations()
