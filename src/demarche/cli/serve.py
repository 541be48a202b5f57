"""`demarche serve`: the web application."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["serve"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8710, show_default=True, help="0: any free one.")
@click.option("--token", help="What readers of a shared address must know; made and printed when not given.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name this server answers to; may be repeated.")
@click.option(
    "--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TLS certificate (PEM)."
)
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key (PEM).")
@click.option("--plain-http", is_flag=True, help="Let the sign-in travel without TLS: everyone on the way can read it.")
@click.option("--sql", is_flag=True, help="Turn the SQL console on.")
@click.option("--paste/--no-paste", default=None, help="Reading a pasted article; off on a shared address.")
@click.option("--review", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Where reviews are kept.  [default: RECORD.review.jsonl]")  # fmt: skip
@click.option("--boards", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Accuracy figures to show (`demarche evaluate --json`).")  # fmt: skip
@click.option("--per-minute", type=click.IntRange(min=0), default=600, show_default=True,
              help="Requests that one other machine may make; 0: no limit.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print the address only.")
def serve(
    record: Path,
    host: str,
    port: int,
    token: str | None,
    allow_host: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    plain_http: bool,
    sql: bool,
    paste: bool | None,
    review: Path | None,
    boards: Path | None,
    per_minute: int,
    quiet: bool,
) -> None:
    """Serve RECORD as pages and as an API, read-only, until Ctrl-C.

    Without --host only this machine can read it. Any other address asks for a token.

    \b
    Examples:
      demarche serve record
      demarche serve record --host 0.0.0.0 --certificate cert.pem --key key.pem
    """
    from demarche.errors import ConfigError
    from demarche.web import WebLimits, WebOptions, free_port, is_loopback, new_token
    from demarche.web import serve as run

    if (certificate is None) != (key is None):
        raise ConfigError("E805", "--certificate and --key go together", remedy="give both")
    if token is not None and len(token) < 16:
        raise ConfigError(
            "E806", "the token is too short to be one", remedy="at least 16 characters, or none: one is made"
        )
    shared = not is_loopback(host)
    token = (token or new_token()) if shared else token
    port = free_port(host, port)
    options = WebOptions(
        host=host, port=port, allowed_hosts=allow_host, token=token, secure_cookie=shared and not plain_http, sql=sql,
        paste=paste if paste is not None else not shared, review=review, boards=boards,
        limits=WebLimits(per_minute=per_minute),
    )  # fmt: skip

    def say_where() -> None:
        scheme = "https" if certificate else "http"
        name = f"[{host}]" if ":" in host else host
        click.echo(f"{scheme}://{name}:{port}/" + (f"?token={token}" if token else ""))
        if quiet:
            return
        if shared and not certificate and not plain_http:
            click.echo(
                "demarche: browsers keep the sign-in only over HTTPS: give --certificate and --key, put a TLS proxy"
                " before it, or say --plain-http",
                err=True,
            )
        click.echo("demarche: Ctrl-C stops it", err=True)

    run(record, options, certificate=certificate, key=key, started=say_where)
