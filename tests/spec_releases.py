"""A small release of a spec, as tests need one: sections of every kind, examples, evaluation prompts."""

from pathlib import Path

from sqlalchemy.orm import Session

from deliberation.spec.importing import import_release
from deliberation.spec.models import Release

SPEC = """\
# A spec {#a_spec}

Words before the rules.

## Be candid {#be_candid authority=user}

The assistant is candid[^7bwp].

**Example**: a poem

~~~xml
<developer>
You help poets.
</developer>
<user>
Is my poem good?
</user>
<comparison>
<assistant> <!-- GOOD -->
Not yet.
</assistant>
<assistant> <!-- BAD: flattery -->
It is wonderful.
</assistant>
</comparison>
~~~

**Example**: a question

~~~xml
<user>
First?
</user>
~~~

## Do no harm {#do_no_harm authority=root}

The assistant does no harm.

**Example**: a question

~~~xml
<user>
Second?
</user>
~~~
"""

PROMPTS = """\
Examples for [^7bwp] in Be candid:

**Example**: a clock

~~~xml
<user>
How old is my clock?
</user>
~~~

**Example**: a dish

~~~xml
<user>
What did we eat?
</user>
~~~
"""


def a_release(session: Session, folder: Path, label: str = "sample") -> Release:
    """Import the small spec."""
    (folder / "examples").mkdir(parents=True)
    (folder / "model_spec.md").write_text(SPEC, encoding="utf-8")
    (folder / "examples" / "7bwp.md").write_text(PROMPTS, encoding="utf-8")
    return import_release(session, folder / "model_spec.md", label)
