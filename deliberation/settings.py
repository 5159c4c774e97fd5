"""Every setting with its meaning and default, read from the environment (prefix DELIBERATION_)."""

import secrets
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deliberation.errors import SettingsError


class Settings(BaseSettings):
    """What an operator can set. Unknown values are refused when the service starts."""

    model_config = SettingsConfigDict(env_prefix="DELIBERATION_", extra="ignore")

    instance: Path = Field(Path("instance"), description="Folder for the database, the secret key and other state.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means a SQLite file in the instance folder.")
    secret_key: str = Field("", description="Signs cookies and forms; empty means a key kept in the instance folder.")
    site_name: str = Field("Collective Alignment", description="The name in the header and in page titles.")
    host_name: str = Field("the maintainers of the spec", description="Who runs the service, as the footer says it.")
    public_url: str = Field("http://127.0.0.1:8765", description="The address of the service, for links in messages.")
    secure_cookies: bool = Field(False, description="Send cookies over https only; true wherever https ends before us.")
    login_hours: int = Field(24, ge=1, le=24 * 30, description="How long a login link works.")

    def resolved_database_url(self) -> str:
        """The URL SQLAlchemy gets. `postgres://` and `postgresql://` mean psycopg 3."""
        url = self.database_url
        if not url:
            return f"sqlite:///{(self.instance / 'deliberation.sqlite3').absolute()}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    def resolved_secret_key(self) -> str:
        """The key from the environment, else one made once and kept in the instance folder, readable by its owner."""
        if self.secret_key:
            return self.secret_key
        kept = self.instance / "secret-key"
        if not kept.exists():
            self.instance.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48))
        return kept.read_text().strip()


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment. Raises SettingsError naming the variable that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the overrides
    except ValidationError as error:
        first = error.errors()[0]
        name = "DELIBERATION_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}") from error
