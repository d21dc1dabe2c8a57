"""People."""

import factory
from factory.django import DjangoModelFactory

from cms.users.models import User

PASSWORD = "kindling-test-password"


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    display_name = factory.Faker("name")
    password = factory.django.Password(PASSWORD)
