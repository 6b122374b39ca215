"""Look for a policy that makes the engine fail, guided by what of the engine it reaches.

    python tests/fuzz/atheris_policy.py [SECONDS]

atheris is installed into an environment of its own, `.cache/atheris`; where it has no wheel this
says so and exits with 3. What it finds stands in `.cache/atheris-corpus` and is tried again first.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cache" / "atheris"
CORPUS = ROOT / ".cache" / "atheris-corpus"
INSIDE = "--inside"


def main() -> int:
    """Install what is missing, then fuzz."""
    if INSIDE in sys.argv:
        return fuzz()
    seconds = sys.argv[1] if sys.argv[1:] else "60"
    if not install():
        sys.stderr.write("atheris has no wheel for this Python and system\n")
        return 3
    seed()
    command = [HOME / "bin" / "python", __file__, CORPUS, f"-max_total_time={seconds}", INSIDE]
    return subprocess.run([*command, "-max_len=20000"], check=False).returncode


def install() -> bool:
    """Whether atheris is there, installed now if need be."""
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    if subprocess.run(
        [python, "-c", "import atheris"], check=False, capture_output=True
    ).returncode:
        wheel = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "atheris"]
        return subprocess.run(wheel, check=False).returncode == 0
    return True


def seed() -> None:
    """Begin with real policies."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    add_sources()
    from tests.fuzz.policies import real

    for number, text in enumerate(real()):
        (CORPUS / f"real-{number}").write_bytes(number.to_bytes(4, "little") + text.encode())


def add_sources() -> None:
    """Let this environment, which has atheris alone, see the engine and these tests."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def fuzz() -> int:
    """Run until the time is up or something fails."""
    import atheris

    add_sources()
    sys.argv.remove(INSIDE)
    with atheris.instrument_imports(include=["doorward.policy"]):
        from tests.fuzz.policies import from_bytes
    atheris.Setup(sys.argv, from_bytes)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
