"""psycopg against the server that the environment names, and through the pooler of the arguments.

Prints "ok - NAME" or "not ok - NAME" for each test, and what went wrong to stderr.
"""
import sys
import traceback

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Json, Jsonb

POOLER_HOST, POOLER_PORT = sys.argv[1:]


def test(function):
    """Runs one test on a connection of its own, whose changes are rolled back."""
    name = function.__doc__
    try:
        with psycopg.connect() as connection:
            function(connection)
            connection.rollback()
        print(f"ok - {name}")
    except Exception:
        traceback.print_exc()
        print(f"not ok - {name}")


def one(connection, query, *parameters, **how):
    return connection.execute(query, parameters, **how).fetchone()[0]


def raises(code, function):
    try:
        function()
    except psycopg.Error as error:
        assert error.sqlstate == code, error
        return error
    raise AssertionError(f"no error {code}")


@test
def create_and_find(connection):
    """records are dictionaries, in and out"""
    student = one(connection, "SELECT student_create(%s)", Jsonb({"name": "Conor O'Brien", "cohort": "x"}))
    assert student["name"] == "Conor O'Brien"
    assert one(connection, "SELECT student_find_by_pk(%s)", student["id"]) == student
    options = Jsonb({"where": {"cohort": "x"}})
    assert one(connection, "SELECT students_list(%s)", options) == [student]
    assert one(connection, "SELECT studentdir.find_by_pk('Student', %s)", student["id"]) == student
    assert one(connection, "SELECT studentdir.find_by_pk(%s, %s)", "Student", str(student["id"])) == student


@test
def several_rows(connection):
    """rows of a finder in FROM"""
    records = [{"name": str(i)} for i in range(1000)]
    connection.execute("SELECT students_bulk_create(%s)", [Jsonb(records)])
    cursor = connection.cursor(row_factory=dict_row)
    cursor.execute("SELECT record FROM students_find_all(%s)", [Jsonb({"order": ["id"]})])
    assert [row["record"]["name"] for row in cursor] == [str(i) for i in range(1000)]


@test
def parameter_types(connection):
    """options are a Jsonb or a text; a Json needs a cast, a list or a number is an error"""
    assert one(connection, "SELECT students_count(%s)", Jsonb({})) == 0
    assert one(connection, "SELECT students_count(%s)", "{}") == 0
    assert one(connection, "SELECT students_count(%s::jsonb)", Json({})) == 0
    assert one(connection, "SELECT students_count(%s)", None) == 0
    for wrong, code in (Json({}), "42883"), (1, "42883"), (["a"], "22P02"):
        raises(code, lambda: one(connection, "SELECT students_count(%s)", wrong))
        connection.rollback()


@test
def binary(connection):
    """binary parameters and results"""
    student = one(connection, "SELECT student_create(%b)", Jsonb({"name": "B"}), binary=True)
    assert one(connection, "SELECT student_find_by_pk(%b)", student["id"], binary=True) == student
    assert one(connection, "SELECT students_list(%b)", Jsonb({}), binary=True) == [student]
    assert one(connection, "SELECT students_count()", binary=True) == 1


@test
def prepared(connection):
    """a prepared statement survives ALTER TABLE and define"""
    connection.execute("SELECT student_create(%s)", [Jsonb({"name": "P"})])
    connection.execute("CREATE TABLE marks (id integer PRIMARY KEY, mark integer)")
    connection.execute("INSERT INTO marks VALUES (1, 2)")

    def define(**attributes):
        connection.execute("SELECT studentdir.define('Mark', %s, %s)",
                           [Json(attributes), Jsonb({"timestamps": False})])

    def marks():
        return one(connection, "SELECT studentdir.list('Mark', %s)", Jsonb({}), prepare=True)

    def students():
        return len(one(connection, "SELECT students_list(%s)", Jsonb({}), prepare=True))

    define(mark="INTEGER")
    for _ in range(7):
        assert marks() == [{"id": 1, "mark": 2}] and students() == 1
    connection.execute("ALTER TABLE marks ADD COLUMN extra text; ALTER TABLE students ADD COLUMN extra text")
    define(mark="INTEGER", extra="TEXT")
    assert marks() == [{"id": 1, "mark": 2, "extra": None}] and students() == 1
    connection.execute("ALTER TABLE marks ALTER COLUMN mark TYPE text")
    define(mark="TEXT")
    assert marks() == [{"id": 1, "mark": "2"}] and students() == 1


@test
def server_side_cursor(connection):
    """a cursor of the server"""
    connection.execute("SELECT students_bulk_create(%s)", [Jsonb([{"name": str(i)} for i in range(500)])])
    with connection.cursor(name="page") as cursor:
        cursor.itersize = 100
        cursor.execute("SELECT students_find_all(%s)", [Jsonb({"order": ["id"]})])
        assert [row[0]["name"] for row in cursor] == [str(i) for i in range(500)]


@test
def copy(connection):
    """COPY of a finder's rows"""
    connection.execute("SELECT students_bulk_create(%s)", [Jsonb([{"name": 'a "quoted" name'}, {"name": "b"}])])
    query = """COPY (SELECT students_find_all('{"attributes": ["name"], "order": ["id"]}')) TO STDOUT"""
    with connection.cursor().copy(query) as rows:
        assert [row[0] for row in rows.rows()] == ['{"name":"a \\"quoted\\" name"}', '{"name":"b"}']


@test
def pipeline(connection):
    """many statements in a pipeline, and executemany"""
    with connection.pipeline():
        cursors = [connection.execute("SELECT student_create(%s)", [Jsonb({"name": str(i)})]) for i in range(50)]
    assert [cursor.fetchone()[0]["name"] for cursor in cursors] == [str(i) for i in range(50)]
    connection.cursor().executemany("SELECT student_create(%s)", [[Jsonb({"name": str(i)})] for i in range(50)])
    assert one(connection, "SELECT students_count()") == 100


@test
def errors(connection):
    """an error has its SQLSTATE, its list and its hint; a savepoint keeps the transaction"""
    one(connection, "SELECT student_create(%s)", Jsonb({"name": "kept"}))

    def create(data):
        with connection.transaction():
            one(connection, "SELECT student_create(%s)", Jsonb(data))

    error = raises("23514", lambda: create({"name": "", "email": "x"}))
    assert isinstance(error, psycopg.errors.CheckViolation)
    assert '"path":"email"' in error.diag.message_detail
    error = raises("42703", lambda: create({"nam": "x"}))
    assert error.diag.message_hint == 'Perhaps you meant "name".'
    assert one(connection, "SELECT students_count()") == 1


@test
def pooled(_):
    """through a pooler in transaction mode, with no statements prepared"""
    def connect():
        return psycopg.connect(host=POOLER_HOST, port=POOLER_PORT, prepare_threshold=None, autocommit=True)

    with connect() as ann, connect() as bob:
        created = []
        for i in range(10):
            created.append(one(ann, "SELECT student_create(%s)", Jsonb({"name": str(i)})))
            assert one(bob, "SELECT students_list(%s)", Jsonb({"order": ["id"]})) == created
        with bob.transaction():
            bob.execute("SET LOCAL studentdir.max_rows = 5")
            raises("54000", lambda: bob.execute("SELECT students_list()"))
            raise psycopg.Rollback()
        assert one(ann, "SELECT students_destroy(%s)", Jsonb({"all": True})) == 10
