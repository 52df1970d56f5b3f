"""The exceptions of the product. Expected results are values (Outcome in core.signatures.signature), not exceptions.

UndersignError
├── ConfigurationError         the operator must change something: one sentence, exit code 2
│   └── ContentError           a petition folder or a locale cannot be used
├── PetitionNotFoundError      a slug that no petition has
├── PetitionUnreadableError    a petition whose folder has errors: try again later
├── SealError                  sealed data that no known key opens
│   └── KeyDestroyedError      the key was destroyed when retention erased its petition
├── LogError                   a log, a checkpoint or a proof that makes no sense
└── StorageUnavailableError    the database does not answer: try again later
"""


class UndersignError(Exception):
    """Root of all errors that this product raises."""


class ConfigurationError(UndersignError):
    """A mistake that the operator must fix; the text is one sentence that says how."""


class ContentError(ConfigurationError):
    """A petition folder or a locale that cannot be used; the text names the file."""


class PetitionNotFoundError(UndersignError):
    """No petition has the requested slug."""


class PetitionUnreadableError(UndersignError):
    """The petition's folder has errors at the moment, so that nothing about it can be shown."""


class SealError(UndersignError):
    """Sealed data was altered, or none of the known keys opens it."""


class KeyDestroyedError(SealError):
    """Sealed data of a petition whose key was destroyed: it counts as erased."""


class LogError(UndersignError):
    """Bytes of a public log, a checkpoint or a proof are malformed, or contradict each other; the text says how."""


class StorageUnavailableError(UndersignError):
    """The database does not answer at the moment; nothing was written, unless that happened during the commit.

    Whoever repeats the call finds out: an update whose effect is stored changes nothing a second time.
    """


class StorageDamagedError(StorageUnavailableError):
    """The database's file is damaged, so waiting doesn't help."""
