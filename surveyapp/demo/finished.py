"""What the sample city adds to the report of its closed round, and the version it makes final."""

from datetime import date

from surveyapp.database import db
from surveyapp.finishing.actions import keep_remarks, rate_context
from surveyapp.models import Round
from surveyapp.models.prose import Influence
from surveyapp.reports.actions import make_final

MADE_ON = date(2026, 7, 20)

QUESTIONS = ["Whom do our courses not reach?", "Do people know where the road leads after the course?"]
REMARKS = {
    "en": {
        "guiding-1": "Above all parents of small children: most courses have no place where the children can stay.",
        "guiding-2": "Too few. Four learners in ten cannot say, and providers are more certain than they should be.",
        "differ": "The plan surprised us. It exists, yet outside the town hall hardly anybody has seen it.",
        "f2": "A short version of the plan goes to all providers and associations before the next round.",
        "f5": "Forty evening places more are in the budget of next year.",
        "c1": "The state decides who may take part; the city may pay for others.",
        "c5": "The budget grows by two per cent, fewer than the people who ask for a course.",
    },
    "ar": {
        "guiding-1": "لا تصل قبل كل شيء إلى آباء الأطفال الصغار وأمهاتهم: معظم الدورات بلا مكان يبقى فيه الأطفال.",
        "guiding-2": "عدد قليل جدًا. أربعة من كل عشرة متعلمين لا يعرفون، ومقدمو الدورات واثقون أكثر مما ينبغي.",
        "differ": "فاجأتنا نتيجة الخطة: هي موجودة، لكن لم يطّلع عليها خارج البلدية أحد تقريبًا.",
        "f2": "تصل نسخة قصيرة من الخطة إلى جميع مقدمي الدورات والجمعيات قبل الجولة المقبلة.",
        "f5": "في ميزانية العام المقبل أربعون مكانًا إضافيًا في المساء.",
        "c1": "الدولة تقرر من يحق له المشاركة، وتستطيع البلدية أن تدفع لغيرهم.",
        "c5": "تزيد الميزانية اثنين في المئة، وعدد من يطلبون دورة يزيد أكثر من ذلك.",
    },
}
CONTEXT = (
    Influence("c1", "strong", ("f5",)),
    Influence("c3", "some", ("f4", "f6")),
    Influence("c5", "some", ("f5", "f8")),
    Influence("c6", "no", ()),
)


def finish_report(round_: Round, who: str) -> None:
    """As a lead does once the results are shown."""
    round_.guiding_questions = QUESTIONS
    for language, texts in REMARKS.items():
        keep_remarks(round_, language, texts)
    rate_context(round_, {one.context_factor: one for one in CONTEXT})
    db.session.flush()  # a version is made from what stands in the database
    version = make_final(round_, who)
    assert version is not None, "the first version is always new"
    version.made_on = MADE_ON
