{{- define "delivery-probe.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for what is put behind it, and for the label of a StatefulSet's revisions. */}}
{{- define "delivery-probe.fullname" -}}
{{- $name := include "delivery-probe.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "delivery-probe.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "delivery-probe.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "delivery-probe.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* What selects pods and never changes. Called with a list: the root and a component. */}}
{{- define "delivery-probe.selectorLabels" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ include "delivery-probe.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end }}

{{/* Called with a list: the root and a component. */}}
{{- define "delivery-probe.labels" -}}
{{- $root := first . -}}
{{ include "delivery-probe.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
The metadata of an object. Called with a dict: root, and of choice name, component, namespace,
labels and annotations.
*/}}
{{- define "delivery-probe.metadata" -}}
{{- $root := .root -}}
name: {{ .name | default (include "delivery-probe.fullname" $root) }}
namespace: {{ .namespace | default (include "delivery-probe.namespace" $root) }}
labels:
  {{- include "delivery-probe.labels" (list $root (.component | default "prober")) | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "delivery-probe.image" -}}
{{- $registry := default .Values.image.registry .Values.global.imageRegistry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}
{{- else }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{/* Containers that are given as a list, or as a text to be rendered. */}}
{{- define "delivery-probe.containers" -}}
{{- $given := last . -}}
{{- if kindIs "string" $given }}{{ tpl $given (first .) }}{{ else }}{{ toYaml $given }}{{ end }}
{{- end }}

{{/* Anything when the web asks everybody who comes for a password or a certificate. */}}
{{- define "delivery-probe.webSecret" -}}
{{- if .Values.web.existingSecret }}{{ .Values.web.existingSecret }}
{{- else if .Values.web.config }}{{ include "delivery-probe.fullname" . }}-web
{{- end }}
{{- end }}

{{- define "delivery-probe.scheme" -}}
{{- if .Values.serviceMonitor.scheme }}{{ .Values.serviceMonitor.scheme }}
{{- else }}{{ ternary "https" "http" (hasKey .Values.web.config "tls_server_config") }}
{{- end }}
{{- end }}

{{- define "delivery-probe.routePrefix" -}}
{{- $path := .Values.web.routePrefix | default (get (urlParse .Values.web.externalUrl) "path") -}}
{{- with trimAll "/" $path }}/{{ . }}{{ end }}
{{- end }}

{{/* Names of ConfigMap or Secret with the configuration. */}}
{{- define "delivery-probe.configVolume" -}}
{{- if .Values.existingConfig.secret -}}
secret: {secretName: {{ .Values.existingConfig.secret }}}
{{- else if .Values.existingConfig.configMap -}}
configMap: {name: {{ .Values.existingConfig.configMap }}}
{{- else if .Values.configAsSecret -}}
secret: {secretName: {{ include "delivery-probe.fullname" . }}}
{{- else -}}
configMap: {name: {{ include "delivery-probe.fullname" . }}}
{{- end }}
{{- end }}

{{/* The Service that operators look at: control's sees all regions. */}}
{{- define "delivery-probe.front" -}}
{{ include "delivery-probe.fullname" . }}{{ if .Values.control.enabled }}-control{{ end }}
{{- end }}
