"""What the demo company is made of: departments, sites, skills, interests, titles."""

from __future__ import annotations

from typing import NamedTuple

GRADES = ("Associate", "Analyst", "Specialist", "Manager", "Director", "Executive")
ASSOCIATE, ANALYST, SPECIALIST, MANAGER, DIRECTOR, EXECUTIVE = range(6)


class Department(NamedTuple):
    """A department, its share of the company, its head's title and its trades."""

    name: str
    share: float
    head: str
    trades: tuple[str, ...]


DEPARTMENTS = (
    Department(
        "Technology",
        0.26,
        "Chief Technology Officer",
        ("Software Engineer", "Data Engineer", "Systems Engineer", "Test Engineer"),
    ),
    Department(
        "Operations",
        0.20,
        "Chief Operating Officer",
        ("Operations Planner", "Logistics Coordinator", "Quality Engineer", "Buyer"),
    ),
    Department(
        "Sales",
        0.16,
        "Chief Sales Officer",
        ("Account Representative", "Sales Consultant", "Customer Adviser"),
    ),
    Department(
        "Finance", 0.11, "Chief Financial Officer", ("Accountant", "Controller", "Treasury Planner")
    ),
    Department(
        "Product",
        0.09,
        "Chief Product Officer",
        ("Product Owner", "Product Designer", "Researcher"),
    ),
    Department(
        "Marketing", 0.08, "Chief Marketing Officer", ("Campaign Planner", "Content Editor")
    ),
    Department("People", 0.06, "Chief People Officer", ("Recruiter", "People Partner")),
    Department(
        "Legal & Compliance", 0.04, "General Counsel", ("Legal Adviser", "Compliance Adviser")
    ),
)


class Site(NamedTuple):
    """A site, its IANA time zone, its share, and how many there speak which language."""

    name: str
    zone: str
    share: float
    languages: dict[str, float]


SITES = (
    Site("London", "Europe/London", 0.33, {"English": 1.0, "French": 0.14, "Polish": 0.08}),
    Site("Berlin", "Europe/Berlin", 0.24, {"English": 0.94, "German": 0.88, "Turkish": 0.08}),
    Site("New York", "America/New_York", 0.16, {"English": 1.0, "Spanish": 0.26}),
    Site("Bengaluru", "Asia/Kolkata", 0.13, {"English": 0.98, "Hindi": 0.66, "Kannada": 0.45}),
    Site("Singapore", "Asia/Singapore", 0.07, {"English": 0.97, "Mandarin": 0.62, "Malay": 0.2}),
    Site(
        "São Paulo",
        "America/Sao_Paulo",
        0.07,
        {"English": 0.86, "Portuguese": 0.98, "Spanish": 0.3},
    ),
)
LANGUAGES = tuple(dict.fromkeys(language for site in SITES for language in site.languages))


class Skill(NamedTuple):
    """A skill, how often it is offered and wanted (relative), and the departments it lives in."""

    name: str
    offered: float
    wanted: float
    home: tuple[str, ...] = ()


SKILLS = (
    Skill("generative AI", 0.11, 0.42, ("Technology", "Product")),
    Skill("data literacy", 0.09, 0.30, ("Technology", "Finance")),
    Skill("Python", 0.07, 0.22, ("Technology",)),
    Skill("prompt writing", 0.07, 0.20, ("Marketing", "Product")),
    Skill("cyber hygiene", 0.03, 0.14, ("Technology",)),
    Skill("dashboards", 0.22, 0.16, ("Finance", "Operations")),
    Skill("social media", 0.32, 0.15, ("Marketing", "Sales")),
    Skill("spreadsheet automation", 0.24, 0.13, ("Finance", "Operations")),
    Skill("short video", 0.24, 0.10, ("Marketing",)),
    Skill("agile practice", 0.20, 0.10, ("Technology", "Product")),
    Skill("remote collaboration", 0.22, 0.10),
    Skill("inclusive language", 0.18, 0.09, ("People",)),
    Skill("presenting", 0.16, 0.08, ("Sales",)),
    Skill("cloud basics", 0.16, 0.08, ("Technology",)),
    Skill("design tools", 0.15, 0.06, ("Product", "Marketing")),
    Skill("user research", 0.12, 0.06, ("Product",)),
    Skill("coaching", 0.11, 0.05, ("People",)),
    Skill("negotiation", 0.11, 0.05, ("Sales", "Legal & Compliance")),
    Skill("sustainability reporting", 0.11, 0.05, ("Legal & Compliance", "Finance")),
    Skill("accessibility", 0.10, 0.04, ("Product",)),
    Skill("customer chat tools", 0.11, 0.04, ("Sales",)),
    Skill("podcasting", 0.08, 0.0, ("Marketing",)),
    Skill("mobile photography", 0.08, 0.0),
    Skill("game design", 0.06, 0.0, ("Technology",)),
)

INTERESTS = (
    "hiking",
    "cooking",
    "running",
    "chess",
    "gardening",
    "live music",
    "football",
    "photography",
    "board games",
    "cycling",
    "painting",
    "science fiction",
    "yoga",
    "travel",
    "volunteering",
    "cinema",
    "dancing",
    "poetry",
    "woodwork",
    "astronomy",
)

PRINCIPLES = ("compassion", "respect", "transparency", "willingness", "commitment")
READINESS_ITEMS = tuple(f"{principle}_{n}" for principle in PRINCIPLES for n in (1, 2))
PULSE_ITEMS = READINESS_ITEMS
LEADERSHIP_ITEMS = tuple(
    f"{topic}_{n}" for topic in ("communication", "listening", "problem_solving") for n in (1, 2)
)
CREATIVITY_ITEMS = tuple(f"creativity_{n}" for n in (1, 2, 3))
MODULES = ("feedback", "goal setting", "time management")
