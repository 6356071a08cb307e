"""The addresses of the Django project."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("survey/", include("survey.urls"))]
