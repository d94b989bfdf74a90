"""The database: tables, repositories behind the ports of the services, encryption, migrations, backup."""
